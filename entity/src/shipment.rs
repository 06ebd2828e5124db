//! Goods sent on their way (发货).

use crate::value::{PersonId, ShipmentId, SupplierOrderId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Goods sent on their way (发货).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shipment")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ShipmentId,
    /// What was sent.
    pub supplier_order_id: SupplierOrderId,
    /// 1, 2, 3 … within the order.
    pub number: i32,
    /// Who carries it.
    pub carrier: String,
    /// The carrier's number (运单号).
    pub tracking_number: String,
    /// Who sent it.
    pub shipped_by: PersonId,
    /// When.
    pub shipped_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
