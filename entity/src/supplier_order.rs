//! The part of an order that one supplier serves (供应商订单).

use crate::value::{
    ClockKind, Fen, OrderGroupId, OrderTerms, OrganisationId, PlanId, SupplierOrderId, Timestamp, state::OrderState,
};
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
    /// Which comes first, money or goods.
    pub terms: OrderTerms,
    /// Within how many days the goods leave: 7, 15 or 30.
    pub ship_days: i32,
    /// Within how many days after acceptance the money is due: 30 by law, at most 60 by contract.
    pub term_days: i32,
    /// What will not come any more: called off, amended away, or refused and not sent again.
    pub dropped_fen: Fen,
    /// What was paid before its goods were accepted, and still waits for them (预收).
    pub prepaid_fen: Fen,
    /// What was paid before, and no goods are left for: owed back (应退预收).
    pub unused_fen: Fen,
    /// Until when it is to be paid, when money comes first.
    pub pay_by: Option<Timestamp>,
    /// Whether that was put off once.
    pub pay_extended: bool,
    /// Until when its goods leave.
    pub ship_by: Option<Timestamp>,
    /// The clock that called it off.
    pub expired_by: Option<ClockKind>,
    /// What carrying its goods costs, as agreed on with the order (运费); part of the total, and owed with the first
    /// goods that are accepted.
    pub freight_fen: Fen,
    /// What of the carriage was credited, because everything went back on the supplier's account (运费退还); part of what
    /// is credited in all.
    pub freight_credited_fen: Fen,
    /// The daily rate of late interest that it was confirmed with, in millionths; none before (逾期日利率).
    pub late_interest_ppm: Option<i32>,
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
    /// When it was called off.
    pub cancelled_at: Option<Timestamp>,
    /// Why it was cancelled or refused.
    pub closed_reason: Option<String>,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
