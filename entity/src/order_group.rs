//! What a buyer ordered in one act, over several suppliers (采购单).

use crate::value::{AreaCode, BudgetId, Fen, OrderGroupId, OrganisationId, PersonId, ReferralCodeId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What a buyer ordered in one act, over several suppliers (采购单).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_group")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderGroupId,
    /// The number people quote.
    pub number: String,
    /// Who buys.
    pub buyer_id: OrganisationId,
    /// The budget that pays; empty for a buyer without one.
    pub budget_id: Option<BudgetId>,
    /// Who ordered.
    pub placed_by: PersonId,
    /// The sum over all suppliers.
    pub total_fen: Fen,
    /// Where the goods go.
    pub deliver_to: String,
    /// The division that is in, for which its carriage was reckoned; empty where nothing was.
    pub deliver_to_code: Option<AreaCode>,
    /// The code it was placed by, which says who brought it.
    pub referral_id: Option<ReferralCodeId>,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
