//! What a paired enterprise contributed to its village (帮扶贡献).

use crate::value::{ContributionId, Fen, PairingId, SupplierOrderId, Timestamp, state::ContributionKind};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What a paired enterprise contributed to its village (帮扶贡献).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contribution")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContributionId,
    /// The pairing.
    pub pairing_id: PairingId,
    /// What kind of contribution.
    pub kind: ContributionKind,
    /// The purchase it is part of.
    pub supplier_order_id: SupplierOrderId,
    /// Which computation of the order's income it follows: each counts all that came before it, the last one holds.
    pub number: i32,
    /// The part of the purchase that this village's households served.
    pub amount_fen: Fen,
    /// What accrued to its households.
    pub reached_fen: Fen,
    /// How many households that is.
    pub households: i32,
    /// When.
    pub occurred_on: NaiveDate,
    /// When it was counted.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
