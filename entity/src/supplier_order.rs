//! The part of an order that one supplier serves (供应商订单).

use crate::value::{Fen, OrderGroupId, OrganisationId, PlanId, SupplierOrderId, Timestamp, state::OrderState};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// The part of an order that one supplier serves (供应商订单).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "supplier_order")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SupplierOrderId,
    /// The order it is part of.
    pub group_id: OrderGroupId,
    /// The number people quote.
    pub number: String,
    /// Who sells.
    pub supplier_id: OrganisationId,
    /// Who buys.
    pub buyer_id: OrganisationId,
    /// The attribution plan promised with the order.
    pub plan_id: PlanId,
    /// Where it is.
    pub state: OrderState,
    /// What the buyer writes on the transfer (转账附言码).
    pub transfer_code: String,
    /// What was ordered.
    pub total_fen: Fen,
    /// What was accepted.
    pub accepted_fen: Fen,
    /// What was paid of it and not credited since.
    pub paid_fen: Fen,
    /// What is invoiced: blue invoices less red ones.
    pub invoiced_fen: Fen,
    /// What was credited of what was accepted: returned goods and allowances (退款、折让).
    pub credited_fen: Fen,
    /// What of the credits had been paid before, and is or was owed back to the buyer (应退).
    pub refunded_fen: Fen,
    /// What the buyer paid too much (多付).
    pub overpaid_fen: Fen,
    /// What was given back to the buyer (已退).
    pub repaid_fen: Fen,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// When the supplier confirmed it.
    pub confirmed_at: Option<Timestamp>,
    /// When the goods left.
    pub shipped_at: Option<Timestamp>,
    /// When the goods were accepted.
    pub accepted_at: Option<Timestamp>,
    /// When it was invoiced.
    pub invoiced_at: Option<Timestamp>,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
    /// Why it was cancelled or refused.
    pub closed_reason: Option<String>,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
