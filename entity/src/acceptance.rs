//! The buyer's acceptance of goods (验收).

use crate::value::{AcceptanceId, PersonId, ShipmentId, SupplierOrderId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// The buyer's acceptance of goods (验收).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "acceptance")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AcceptanceId,
    /// What was accepted.
    pub supplier_order_id: SupplierOrderId,
    /// 1, 2, 3 … within the order.
    pub number: i32,
    /// The shipment it judges; the only one, where nothing is said.
    pub shipment_id: Option<ShipmentId>,
    /// Whether nobody did: the agreed days passed, and it counts as accepted (逾期视为验收).
    pub is_silent: bool,
    /// Who accepted it; of a silent one, who had placed the order.
    pub accepted_by: PersonId,
    /// When.
    pub accepted_at: Timestamp,
    /// What they wrote.
    pub note: Option<String>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
