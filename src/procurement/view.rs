//! What comes in and goes out.

use super::state;
use crate::http::Words;
use chrono::{DateTime, Utc};
use entity::value::{
    AreaCode, BudgetId, CertificateScheme, ClockKind, Fen, FileId, Grams, LotId, OrderGroupId, OrderLineId, OrderState,
    OrderTerms, OrganisationId, Packs, PersonId, PlanId, PriceBasis, PriceId, ProductId, RefusalKind, SupplierOrderId,
};
use entity::{order_group, order_line, rating, supplier_order};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

pub use super::papers::{Acceptance, Amendment, CreditNote, OrderReturn, Shipment};

/// An order over products of one or several suppliers.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceOrder {
    /// The budget that pays; left out by enterprises only.
    pub budget_id: Option<BudgetId>,
    /// Where the goods go (收货地址).
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "贵阳市观山湖区林城东路 1 号 机关食堂")]
    pub deliver_to: Words<500>,
    /// Which comes first, money or goods; goods when not given.
    pub terms: Option<OrderTerms>,
    /// Within how many days the goods leave: 7 (when not given), 15 or 30; counted from the confirmation, or from the
    /// payment where that comes first.
    #[schema(example = 7)]
    pub ship_days: Option<i32>,
    /// Within how many days after acceptance the money is due; 30 when not given, at most 60.
    #[schema(minimum = 1, maximum = 60, example = 30)]
    pub term_days: Option<i32>,
    /// The division that is in, by which carriage is reckoned (收货地区划); the buyer's own when left out.
    pub deliver_to_code: Option<AreaCode>,
    /// The code of the enterprise that brought the order (推荐码), where one did; never the buyer's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 20, example = "7K3Q-9XAB")]
    pub referral_code: Option<Words<20>>,
    /// What is ordered, each product once.
    #[schema(min_items = 1, max_items = 200)]
    pub lines: Vec<WantedLine>,
}

impl PlaceOrder {
    /// An order as it is mostly placed.
    #[must_use]
    pub fn plain(budget_id: Option<BudgetId>, deliver_to: Words<500>, lines: Vec<WantedLine>) -> Self {
        let (terms, ship_days, term_days, deliver_to_code) = (None, None, None, None);
        let referral_code = None;
        Self { budget_id, deliver_to, terms, ship_days, term_days, deliver_to_code, referral_code, lines }
    }
}

/// One product of an order.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedLine {
    /// The product.
    pub product_id: ProductId,
    /// How many packs; more than zero.
    pub packs: Packs,
}

/// Goods sent on their way, with the lots they come from.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipOrder {
    /// Who carries it (承运人).
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "中国邮政")]
    pub carrier: Words<100>,
    /// The carrier's number (运单号).
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "EA123456789CN")]
    pub tracking_number: Words<100>,
    /// Which lot goes into which line; together all packs that are still due, unless this is a part of them.
    #[schema(min_items = 1, max_items = 1000)]
    pub lots: Vec<ShippedLot>,
    /// Whether more is to follow: only then may packs that are due be left out (部分发货).
    #[serde(default)]
    pub partial: bool,
}

/// Packs of one lot in one line.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShippedLot {
    /// The line.
    pub line_id: OrderLineId,
    /// The lot.
    pub lot_id: LotId,
    /// How many packs; more than zero.
    pub packs: Packs,
}

/// What was accepted of a shipment (验收单).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptOrder {
    /// Which shipment, by its number; not needed when one is under way.
    #[schema(example = 1)]
    pub shipment: Option<i32>,
    /// Every line that the shipment has goods of, once.
    #[schema(min_items = 1, max_items = 200)]
    pub lines: Vec<AcceptedLine>,
    /// What the acceptance says besides.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1000)]
    pub note: Option<Words<1000>>,
}

/// What was accepted of a line.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptedLine {
    /// The line.
    pub line_id: OrderLineId,
    /// How many packs, at most what was shipped.
    pub accepted_packs: Packs,
    /// Why not all; needed when fewer are accepted than were shipped (拒收原因).
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500, example = "两件外箱破损")]
    pub refusal_reason: Option<Words<500>>,
    /// Why not all, as one of a list; `other` when not given.
    pub refusal_kind: Option<RefusalKind>,
    /// Whether what is not accepted is to be sent again (补发); if not, it is given back to the budget.
    #[serde(default)]
    pub replace: bool,
    /// Packs that came beyond what the shipment says; they go back at the supplier's cost (多送).
    pub over_packs: Option<Packs>,
    /// Files of your organisation that show it.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub photos: Vec<FileId>,
}

/// A rating, 1 (poor) to 5 (excellent) each.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RateOrder {
    /// The goods (质量).
    #[schema(minimum = 1, maximum = 5, example = 5)]
    pub quality: i16,
    /// The delivery (物流).
    #[schema(minimum = 1, maximum = 5, example = 4)]
    pub delivery: i16,
    /// The service (服务).
    #[schema(minimum = 1, maximum = 5, example = 5)]
    pub service: i16,
    /// What there is to say.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1000)]
    pub comment: Option<Words<1000>>,
}

/// Ratings of several paid orders.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RateMany {
    /// The orders with their ratings, each order once.
    #[schema(min_items = 1, max_items = 100)]
    pub ratings: Vec<RateOne>,
}

/// The rating of one of several orders.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RateOne {
    /// The order.
    pub supplier_order_id: SupplierOrderId,
    /// Its version, as it was read.
    #[schema(example = 7)]
    pub version: i64,
    /// The rating.
    pub rating: RateOrder,
}

/// Orders that were rated.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatedOrders {
    /// Each of them.
    pub items: Vec<RatedOrder>,
}

/// An order that was rated.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatedOrder {
    /// The order.
    pub id: SupplierOrderId,
    /// The number people quote.
    pub number: String,
    /// Its version now.
    pub version: i64,
}

/// Orders that are accepted and paid, and count for no quota until they are rated (待评价).
#[derive(Debug, Serialize, ToSchema)]
pub struct ToRate {
    /// How many there are.
    #[schema(example = 14)]
    pub count: i64,
    /// What was paid for them: what is missing in the completed figure.
    pub paid_fen: Fen,
    /// A page of them, newest first.
    pub items: Vec<SupplierOrderHead>,
    /// Cursor of the next page, or null on the last.
    pub next: Option<String>,
}

/// Why an order is called off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelOrder {
    /// The reason (取消原因).
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "采购计划调整")]
    pub reason: Words<500>,
}

/// The clocks of a supplier order (时限).
#[derive(Debug, Serialize, ToSchema)]
pub struct ClocksOfOrder {
    /// Those that run.
    pub running: Vec<ClockOfOrder>,
    /// Those that ran out and were acted on.
    pub past: Vec<ClockOfOrder>,
}

/// A clock of a supplier order.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClockOfOrder {
    /// Which: until `answer` and `payment` the order stands; from `shipping` and `acceptance` on somebody is reminded;
    /// from `silent_acceptance` on what came counts as accepted.
    pub kind: ClockKind,
    /// The shipment it is about.
    pub shipment: Option<i32>,
    /// When it runs out, or ran out.
    pub runs_out_at: DateTime<Utc>,
    /// When that was acted on.
    pub acted_at: Option<DateTime<Utc>>,
}

/// Which supplier orders are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SupplierOrderFilter {
    /// Only those in this state.
    pub state: Option<OrderState>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// What a buyer ordered in one act, over several suppliers (采购单).
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderHead {
    /// Its identifier.
    pub id: OrderGroupId,
    /// The number people quote.
    #[schema(example = "D20260302-7K3Q9XAB")]
    pub number: String,
    /// Who buys.
    pub buyer_id: OrganisationId,
    /// The budget that pays; null for an enterprise.
    pub budget_id: Option<BudgetId>,
    /// Who ordered.
    pub placed_by: PersonId,
    /// The sum over all suppliers.
    pub total_fen: Fen,
    /// Where the goods go.
    pub deliver_to: String,
    /// The division that is in.
    pub deliver_to_code: Option<AreaCode>,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

/// An order with its parts, one a supplier.
#[derive(Debug, Serialize, ToSchema)]
pub struct Order {
    /// The order itself.
    #[serde(flatten)]
    pub head: OrderHead,
    /// Its parts, each served on its own.
    pub supplier_orders: Vec<SupplierOrder>,
}

/// An order in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderInList {
    /// The order itself.
    #[serde(flatten)]
    pub head: OrderHead,
    /// Its parts, without their lines.
    pub supplier_orders: Vec<SupplierOrderHead>,
}

/// The part of an order that one supplier serves (供应商订单).
#[derive(Debug, Serialize, ToSchema)]
pub struct SupplierOrderHead {
    /// Its identifier.
    pub id: SupplierOrderId,
    /// The order it is part of.
    pub order_id: OrderGroupId,
    /// The number people quote.
    #[schema(example = "S20260302-0H5M2TZC")]
    pub number: String,
    /// Who sells.
    pub supplier_id: OrganisationId,
    /// Who buys.
    pub buyer_id: OrganisationId,
    /// Where it is.
    pub state: OrderState,
    /// What the buyer writes on the transfer, so that the payment finds its order (转账附言码).
    #[schema(example = "4839201758")]
    pub transfer_code: String,
    /// What was ordered.
    pub total_fen: Fen,
    /// What was accepted.
    pub accepted_fen: Fen,
    /// What was paid of it and not credited since.
    pub paid_fen: Fen,
    /// What is invoiced: blue invoices less red ones.
    pub invoiced_fen: Fen,
    /// What was credited: returned goods and allowances.
    pub credited_fen: Fen,
    /// What is still to be paid.
    pub open_fen: Fen,
    /// Which comes first, money or goods.
    pub terms: OrderTerms,
    /// Within how many days the goods leave.
    pub ship_days: i32,
    /// Within how many days after acceptance the money is due.
    pub term_days: i32,
    /// What is to be paid now: of an order paid first, before its goods leave.
    pub payable_fen: Fen,
    /// What was paid before the goods came, and waits for them.
    pub prepaid_fen: Fen,
    /// Until when it is to be paid, when money comes first.
    pub pay_by: Option<DateTime<Utc>>,
    /// Whether that was put off once.
    pub pay_extended: bool,
    /// Until when its goods leave.
    pub ship_by: Option<DateTime<Utc>>,
    /// The clock that called it off, when one did.
    pub expired_by: Option<ClockKind>,
    /// What the supplier owes back: paid before it was credited or dropped, or paid too much (应退).
    pub refund_owed_fen: Fen,
    /// What carrying the goods costs (运费), part of the total; owed with the first goods that are accepted.
    pub freight_fen: Fen,
    /// What of that was credited, because everything went back on the supplier's account (运费退还).
    pub freight_credited_fen: Fen,
    /// The daily rate of late interest, in millionths, as it was confirmed with; null before (逾期日利率).
    #[schema(example = 500)]
    pub late_interest_ppm: Option<i32>,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// When the supplier confirmed it.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When the goods left.
    pub shipped_at: Option<DateTime<Utc>>,
    /// When the goods were accepted.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When it was invoiced.
    pub invoiced_at: Option<DateTime<Utc>>,
    /// When it was paid.
    pub paid_at: Option<DateTime<Utc>>,
    /// When it was completed.
    pub completed_at: Option<DateTime<Utc>>,
    /// Why it was cancelled or refused.
    pub closed_reason: Option<String>,
    /// Grows with every change.
    pub version: i64,
}

/// The part of an order that one supplier serves, with its lines.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupplierOrder {
    /// The supplier order itself.
    #[serde(flatten)]
    pub head: SupplierOrderHead,
    /// What was ordered.
    pub lines: Vec<OrderLine>,
}

/// How a product was certified on the day it was ordered. What ended or was revoked since counts for that day still.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertifiedProduct {
    /// The product.
    pub product_id: ProductId,
    /// The schemes.
    pub schemes: Vec<CertificateScheme>,
}

/// A supplier order with all that happened to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupplierOrderDetail {
    /// The supplier order itself.
    #[serde(flatten)]
    pub head: SupplierOrderHead,
    /// The number of the order it is part of.
    #[schema(example = "D20260302-7K3Q9XAB")]
    pub order_number: String,
    /// Name of who sells.
    pub supplier_name: String,
    /// Name of who buys.
    pub buyer_name: String,
    /// Where the goods go.
    pub deliver_to: String,
    /// What was ordered, shipped and accepted.
    pub lines: Vec<OrderLine>,
    /// Under which schemes its products counted as certified on the day of the order (下单时有效的认证).
    pub certified: Vec<CertifiedProduct>,
    /// The last shipment.
    pub shipment: Option<Shipment>,
    /// The last acceptance.
    pub acceptance: Option<Acceptance>,
    /// Every shipment, in their order.
    pub shipments: Vec<Shipment>,
    /// Every acceptance, in their order.
    pub acceptances: Vec<Acceptance>,
    /// What was taken off before it left.
    pub amendments: Vec<Amendment>,
    /// What the buyer wanted to give back, and what became of it.
    pub returns: Vec<OrderReturn>,
    /// What was credited.
    pub credits: Vec<CreditNote>,
    /// How it was rated.
    pub rating: Option<Rating>,
}

/// One product of a supplier order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderLine {
    /// Its identifier.
    pub id: OrderLineId,
    /// Its place in the order.
    pub line_no: i32,
    /// The product.
    pub product_id: ProductId,
    /// The price it was ordered at.
    pub price_id: PriceId,
    /// The product's name when it was ordered.
    #[schema(example = "雷山银球茶 250 克")]
    pub product_name: String,
    /// The price of one pack when it was ordered.
    pub unit_price_fen: Fen,
    /// The weight of one pack when it was ordered.
    pub pack_grams: Grams,
    /// Packs ordered.
    pub packs: Packs,
    /// Packs shipped.
    pub shipped_packs: Packs,
    /// Packs accepted.
    pub accepted_packs: Packs,
    /// Packs that came short or were refused.
    pub refused_packs: Packs,
    /// Packs that are no longer due.
    pub withdrawn_packs: Packs,
    /// Packs accepted and given back.
    pub returned_packs: Packs,
    /// Packs still to be sent.
    pub due_packs: i64,
    /// What was credited of the line.
    pub credited_fen: Fen,
    /// Why packs were not accepted, the last time.
    pub refusal_reason: Option<String>,
    /// The attribution plan it is under for ever, where its product had one of its own when the order was placed and
    /// that is not the plan of the order's first line.
    pub plan_id: Option<PlanId>,
    /// What its price rests on (计价依据).
    pub price_basis: PriceBasis,
    /// The line of the framework agreement, the quotation or the group purchase; null for the shelf's price.
    pub basis_id: Option<Uuid>,
}

/// The buyer's rating.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rating {
    /// The goods, 1 to 5.
    pub quality: i16,
    /// The delivery, 1 to 5.
    pub delivery: i16,
    /// The service, 1 to 5.
    pub service: i16,
    /// What they wrote.
    pub comment: Option<String>,
    /// Who rated it.
    pub rated_by: PersonId,
    /// When.
    pub rated_at: DateTime<Utc>,
}

impl From<order_group::Model> for OrderHead {
    fn from(row: order_group::Model) -> Self {
        let order_group::Model {
            id,
            number,
            buyer_id,
            budget_id,
            placed_by,
            total_fen,
            deliver_to,
            deliver_to_code,
            referral_id: _,
            placed_at,
            version,
        } = row;
        Self { id, number, buyer_id, budget_id, placed_by, total_fen, deliver_to, deliver_to_code, placed_at, version }
    }
}

impl From<supplier_order::Model> for SupplierOrderHead {
    fn from(row: supplier_order::Model) -> Self {
        // Neither is ever below zero; if rows were tampered with, it is for `verify` to say so.
        let open_fen = state::open_fen(&row).unwrap_or(Fen::ZERO);
        let payable_fen = state::payable_fen(&row).unwrap_or(Fen::ZERO);
        let refund_owed_fen = state::owed_fen(&row).unwrap_or(Fen::ZERO);
        let supplier_order::Model {
            id,
            group_id,
            number,
            supplier_id,
            buyer_id,
            plan_id: _,
            state,
            transfer_code,
            total_fen,
            accepted_fen,
            paid_fen,
            invoiced_fen,
            credited_fen,
            refunded_fen: _,
            overpaid_fen: _,
            repaid_fen: _,
            terms,
            ship_days,
            term_days,
            dropped_fen: _,
            prepaid_fen,
            unused_fen: _,
            pay_by,
            pay_extended,
            ship_by,
            expired_by,
            freight_fen,
            freight_credited_fen,
            late_interest_ppm,
            placed_at,
            confirmed_at,
            shipped_at,
            accepted_at,
            invoiced_at,
            paid_at,
            completed_at,
            cancelled_at: _,
            closed_reason,
            version,
        } = row;
        Self {
            id,
            order_id: group_id,
            number,
            supplier_id,
            buyer_id,
            state,
            transfer_code,
            total_fen,
            accepted_fen,
            paid_fen,
            invoiced_fen,
            credited_fen,
            open_fen,
            refund_owed_fen,
            terms,
            ship_days,
            term_days,
            payable_fen,
            prepaid_fen,
            pay_by,
            pay_extended,
            ship_by,
            expired_by,
            freight_fen,
            freight_credited_fen,
            late_interest_ppm,
            placed_at,
            confirmed_at,
            shipped_at,
            accepted_at,
            invoiced_at,
            paid_at,
            completed_at,
            closed_reason,
            version,
        }
    }
}

impl From<order_line::Model> for OrderLine {
    fn from(row: order_line::Model) -> Self {
        let due_packs = state::due(&row);
        let order_line::Model {
            id,
            supplier_order_id: _,
            line_no,
            product_id,
            price_id,
            product_name,
            unit_price_fen,
            pack_grams,
            packs,
            reserved_packs: _,
            shipped_packs,
            accepted_packs,
            refused_packs,
            withdrawn_packs,
            returned_packs,
            credited_fen,
            refusal_reason,
            basis_id,
            plan_id,
            price_basis,
        } = row;
        Self {
            id,
            line_no,
            product_id,
            price_id,
            product_name,
            unit_price_fen,
            pack_grams,
            packs,
            shipped_packs,
            accepted_packs,
            refused_packs,
            withdrawn_packs,
            returned_packs,
            due_packs,
            credited_fen,
            refusal_reason,
            basis_id,
            plan_id,
            price_basis,
        }
    }
}

impl From<rating::Model> for Rating {
    fn from(row: rating::Model) -> Self {
        let rating::Model { supplier_order_id: _, quality, delivery, service, comment, rated_by, rated_at } = row;
        Self { quality, delivery, service, comment, rated_by, rated_at }
    }
}
