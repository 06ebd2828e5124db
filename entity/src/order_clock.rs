//! A clock of a supplier order that ran out, and what it did is done (到期记录).

use crate::value::{ClockKind, OrderClockId, ShipmentId, SupplierOrderId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A clock of a supplier order that ran out.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_clock")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderClockId,
    /// The order.
    pub supplier_order_id: SupplierOrderId,
    /// Which clock.
    pub kind: ClockKind,
    /// The number of the shipment it was about; 0 for the order itself.
    pub number: i32,
    /// The shipment it was about.
    pub shipment_id: Option<ShipmentId>,
    /// When it ran out.
    pub ran_out_at: Timestamp,
    /// When that was acted on.
    pub acted_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
