//! A movement of a unit's quota figures (预留份额流水).

use crate::value::{
    OrganisationId, QuotaAttachmentId, SupplierOrderId, Timestamp,
    state::{PurchaseChannel, QuotaFigure},
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A movement of a unit's quota figures (预留份额流水).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quota_entry")]
pub struct Model {
    /// The order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub supplier_order_id: SupplierOrderId,
    /// Counts the entries of an order, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_no: i32,
    /// By which the order belongs to the unit.
    pub attachment_id: QuotaAttachmentId,
    /// The unit.
    pub unit_id: OrganisationId,
    /// Out of which purse.
    pub channel: PurchaseChannel,
    /// Which figure moves.
    pub figure: QuotaFigure,
    /// By how much; below zero where something is taken back.
    pub amount_fen: i64,
    /// On which business day.
    pub occurred_on: NaiveDate,
    /// The year of that day.
    pub year: i32,
    /// When it was entered.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
