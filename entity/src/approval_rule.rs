//! One version of a rule of who approves purchases (审批规则).

use crate::value::{ApprovalRuleId, CategoryCode, Fen, OrganisationId, PersonId, Timestamp, state::FundSource};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One version of a rule of who approves purchases (审批规则).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approval_rule")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApprovalRuleId,
    /// It holds for this organisation and all below it.
    pub organisation_id: OrganisationId,
    /// By which name its versions are known.
    pub code: String,
    /// Counts the versions of a name in an organisation, from 1; the last holds.
    pub number: i32,
    /// It holds from this amount on.
    pub amount_from_fen: Fen,
    /// Only for this category and those below it.
    pub category_code: Option<CategoryCode>,
    /// Only for this kind of money.
    pub fund_kind: Option<FundSource>,
    /// Only where the budget does not suffice.
    pub over_budget: bool,
    /// Whether it holds; a last version that does not withdraws it.
    pub is_active: bool,
    /// The document it comes from.
    pub document: String,
    /// Who entered it.
    pub created_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
