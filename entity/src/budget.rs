//! A unit's money for a year from a fund source (预算).

use crate::value::{BudgetId, Fen, OrganisationId, PersonId, Timestamp, state::FundSource};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A unit's money for a year from a fund source (预算).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "budget")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BudgetId,
    /// The unit.
    pub unit_id: OrganisationId,
    /// The year.
    pub year: i32,
    /// Where the money comes from (资金来源).
    pub fund_source: String,
    /// What kind of money that is.
    pub fund_kind: FundSource,
    /// How much is granted, with every change since.
    pub amount_fen: Fen,
    /// Who entered it.
    pub created_by: PersonId,
    /// When.
    pub created_at: Timestamp,
    /// When its year was closed; nothing is bound from then on.
    pub closed_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
