//! What comes in and goes out.

use crate::http::{Words, text};
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    BudgetId, CallOffId, CallOffState, FrameworkId, OrganisationId, Packs, PersonId, ProductId, PurchaseRequestId,
    StandingOrderId, StandingState,
};
use entity::{standing_call_off, standing_line, standing_order};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Deliveries that return.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUpStanding {
    /// What it is for.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "春季学期每周大米")]
    pub title: Words<200>,
    /// The budget that pays; left out by enterprises only.
    pub budget_id: Option<BudgetId>,
    /// The framework agreement whose prices hold; those of the shelf when not given.
    pub framework_id: Option<FrameworkId>,
    /// Where the goods go.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "贵阳市观山湖区林城东路 1 号 机关食堂")]
    pub deliver_to: Words<500>,
    /// The day of the first delivery; its weekday is that of all.
    #[serde(deserialize_with = "text::day")]
    #[schema(example = "2026-03-16")]
    pub first_on: NaiveDate,
    /// No delivery after this day; at most three years after the first.
    #[serde(deserialize_with = "text::day")]
    #[schema(example = "2026-07-10")]
    pub last_on: NaiveDate,
    /// Weeks between two deliveries.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 26, default = 1)]
    pub every_weeks: i32,
    /// How many days before its delivery each call-off is made.
    #[serde(default = "a_week")]
    #[schema(minimum = 1, maximum = 60, default = 7)]
    pub lead_days: i32,
    /// What is delivered each time, each product once.
    #[schema(min_items = 1, max_items = 200)]
    pub lines: Vec<crate::procurement::WantedLine>,
}

fn one() -> i32 {
    1
}

fn a_week() -> i32 {
    7
}

/// Why a standing order is ended, or a call-off declined.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StandingReason {
    /// The reason.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "本周放假，停餐")]
    pub reason: Words<500>,
}

/// Confirming a call-off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmCallOff {
    /// Other quantities for this delivery, of products of the standing order; as it says when not given.
    #[schema(max_items = 200)]
    pub lines: Option<Vec<crate::procurement::WantedLine>>,
    /// What those who decide should know.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1000)]
    pub note: Option<Words<1000>>,
}

/// Which call-offs are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CallOffFilter {
    /// Only those in this state.
    pub state: Option<CallOffState>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// Deliveries that return over a term (定期采购).
#[derive(Debug, Serialize, ToSchema)]
pub struct StandingOrder {
    /// Its identifier.
    pub id: StandingOrderId,
    /// Who buys.
    pub buyer_id: OrganisationId,
    /// What it is for.
    pub title: String,
    /// The budget that pays.
    pub budget_id: Option<BudgetId>,
    /// The framework agreement whose prices hold.
    pub framework_id: Option<FrameworkId>,
    /// Where the goods go.
    pub deliver_to: String,
    /// The day of the first delivery.
    pub first_on: NaiveDate,
    /// No delivery after this day.
    pub last_on: NaiveDate,
    /// Weeks between two deliveries.
    pub every_weeks: i32,
    /// How many days before its delivery each call-off is made.
    pub lead_days: i32,
    /// The next delivery that has no call-off; null when all have.
    pub next_on: Option<NaiveDate>,
    /// Where it is.
    pub state: StandingState,
    /// Who set it up.
    pub created_by: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Why it was ended before its time.
    pub ended_reason: Option<String>,
    /// Grows with every change.
    pub version: i64,
}

impl From<standing_order::Model> for StandingOrder {
    fn from(row: standing_order::Model) -> Self {
        let standing_order::Model {
            id,
            buyer_id,
            title,
            budget_id,
            framework_id,
            deliver_to,
            first_on,
            last_on,
            every_weeks,
            lead_days,
            next_on,
            state,
            created_by,
            created_at,
            ended_reason,
            version,
        } = row;
        Self {
            id,
            buyer_id,
            title,
            budget_id,
            framework_id,
            deliver_to,
            first_on,
            last_on,
            every_weeks,
            lead_days,
            next_on,
            state,
            created_by,
            created_at,
            ended_reason,
            version,
        }
    }
}

/// What a standing order delivers each time.
#[derive(Debug, Serialize, ToSchema)]
pub struct StandingLine {
    /// The product.
    pub product_id: ProductId,
    /// How many packs.
    pub packs: Packs,
}

impl From<standing_line::Model> for StandingLine {
    fn from(row: standing_line::Model) -> Self {
        let standing_line::Model { standing_id: _, line_no: _, product_id, packs } = row;
        Self { product_id, packs }
    }
}

/// One delivery of a standing order (要货单).
#[derive(Debug, Serialize, ToSchema)]
pub struct StandingCallOff {
    /// Its identifier.
    pub id: CallOffId,
    /// The standing order.
    pub standing_order_id: StandingOrderId,
    /// The day of its delivery.
    pub due_on: NaiveDate,
    /// Where it is.
    pub state: CallOffState,
    /// What was asked for with it.
    pub request_id: Option<PurchaseRequestId>,
    /// Who confirmed or declined it.
    pub decided_by: Option<PersonId>,
    /// Why it was declined.
    pub reason: Option<String>,
    /// When the clock made it.
    pub made_at: DateTime<Utc>,
    /// When it was decided, or lapsed.
    pub decided_at: Option<DateTime<Utc>>,
    /// Grows with every change.
    pub version: i64,
}

impl From<standing_call_off::Model> for StandingCallOff {
    fn from(row: standing_call_off::Model) -> Self {
        let standing_call_off::Model {
            id,
            standing_id,
            buyer_id: _,
            due_on,
            state,
            request_id,
            decided_by,
            reason,
            made_at,
            decided_at,
            version,
        } = row;
        Self {
            id,
            standing_order_id: standing_id,
            due_on,
            state,
            request_id,
            decided_by,
            reason,
            made_at,
            decided_at,
            version,
        }
    }
}

/// A standing order with what it delivers and what became of its deliveries.
#[derive(Debug, Serialize, ToSchema)]
pub struct StandingDetail {
    /// The standing order itself.
    #[serde(flatten)]
    pub standing_order: StandingOrder,
    /// What it delivers each time.
    pub lines: Vec<StandingLine>,
    /// Its call-offs, by their days.
    pub call_offs: Vec<StandingCallOff>,
}
