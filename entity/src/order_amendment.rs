//! A change of an order before its goods leave (订单变更单).

use crate::value::{AmendmentId, Fen, OrganisationId, PersonId, SupplierOrderId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Packs that are no longer wanted or cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_amendment")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AmendmentId,
    /// The order it changes.
    pub supplier_order_id: SupplierOrderId,
    /// 1, 2, 3 … within the order.
    pub number: i32,
    /// What the withdrawn packs would have cost.
    pub amount_fen: Fen,
    /// Why.
    pub reason: String,
    /// Who made it.
    pub made_by: PersonId,
    /// For which side.
    pub organisation_id: OrganisationId,
    /// When.
    pub made_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
