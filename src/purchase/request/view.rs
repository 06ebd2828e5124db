//! What comes in and goes out.

use crate::http::Words;
use crate::procurement::{Agreed, PlaceOrder};
use crate::purchase::PurchaseError;
use chrono::{DateTime, Utc};
use entity::value::{
    ApprovalRuleId, BudgetId, Fen, OrderGroupId, OrganisationId, Packs, PersonId, PriceBasis, ProductId,
    PurchaseRequestId, PurchaseWay, RequestEvent, RequestState, Role,
};
use entity::{purchase_event, purchase_request, purchase_step};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What is asked to be ordered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskToBuy {
    /// The order, as it would be placed.
    pub order: PlaceOrder,
    /// What those who decide should know (采购事由).
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1000, example = "三月第二周食堂用米")]
    pub note: Option<Words<1000>>,
}

/// What is asked for again after it was sent back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskAgain {
    /// Another order; the same one when not given. Only what was taken off the shelf can be changed.
    pub order: Option<PlaceOrder>,
    /// What those who decide should know.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1000)]
    pub note: Option<Words<1000>>,
}

/// Agreement to a step.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveRequest {
    /// An opinion (审批意见).
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500, example = "同意")]
    pub opinion: Option<Words<500>>,
}

/// Why a request is sent back or taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestReason {
    /// The reason.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "数量超出本周用餐人数，请核减")]
    pub reason: Words<500>,
}

/// To whom a step is handed on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegateStep {
    /// A colleague who may decide in the same organisation, by the name they sign in with.
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    pub username: Words<100>,
    /// Why.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "由分管食堂的同志审批")]
    pub reason: Words<500>,
}

/// Which requests are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RequestFilter {
    /// Only those in this state.
    pub state: Option<RequestState>,
    /// Only those that wait for you, or for somebody you stand in for.
    #[serde(default)]
    pub to_decide: bool,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// One product of a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestLine {
    /// The product.
    pub product_id: ProductId,
    /// How many packs.
    pub packs: Packs,
    /// The price of one pack it was asked at.
    pub unit_price_fen: Fen,
    /// What that rests on.
    pub price_basis: PriceBasis,
    /// The line of the framework agreement, the quotation or the group purchase; null for the shelf's price.
    pub basis_id: Option<Uuid>,
}

/// What a buyer asks to order (采购申请).
#[derive(Debug, Serialize, ToSchema)]
pub struct PurchaseRequest {
    /// Its identifier.
    pub id: PurchaseRequestId,
    /// Who buys.
    pub buyer_id: OrganisationId,
    /// Who asked.
    pub asked_by: PersonId,
    /// By which way.
    pub way: PurchaseWay,
    /// Where it is.
    pub state: RequestState,
    /// The budget that pays.
    pub budget_id: Option<BudgetId>,
    /// Where the goods go.
    pub deliver_to: String,
    /// What is asked for.
    pub lines: Vec<RequestLine>,
    /// What it costs.
    pub total_fen: Fen,
    /// Whether the budget did not suffice when it was asked for.
    pub over_budget: bool,
    /// What whoever asked says.
    pub note: Option<String>,
    /// Counts how often it was asked for.
    pub round: i32,
    /// The step that waits; 0 when none does.
    pub step_no: i32,
    /// When it expires, if nobody decides.
    pub expires_at: DateTime<Utc>,
    /// The order it became.
    pub order_id: Option<OrderGroupId>,
    /// When it was first asked for.
    pub asked_at: DateTime<Utc>,
    /// When it was over.
    pub closed_at: Option<DateTime<Utc>>,
    /// Grows with every change.
    pub version: i64,
}

impl PurchaseRequest {
    /// A request as it is shown.
    pub(super) fn of(row: purchase_request::Model) -> Result<Self, PurchaseError> {
        let purchase_request::Model {
            id,
            buyer_id,
            asked_by,
            way,
            state,
            wanted,
            prices,
            total_fen,
            over_budget,
            note,
            round,
            step_no,
            remind_at: _,
            expires_at,
            order_group_id,
            asked_at,
            closed_at,
            version,
        } = row;
        let wanted: PlaceOrder = serde_json::from_str(&wanted)?;
        let prices: Vec<Agreed> = serde_json::from_str(&prices)?;
        let lines = wanted.lines.iter().filter_map(|line| {
            let agreed = prices.iter().find(|agreed| agreed.product_id == line.product_id)?;
            Some(RequestLine {
                product_id: line.product_id,
                packs: line.packs,
                unit_price_fen: agreed.unit_price_fen,
                price_basis: agreed.basis,
                basis_id: agreed.basis_id,
            })
        });
        Ok(Self {
            id,
            buyer_id,
            asked_by,
            way,
            state,
            budget_id: wanted.budget_id,
            deliver_to: wanted.deliver_to.as_str().to_owned(),
            lines: lines.collect(),
            total_fen,
            over_budget,
            note,
            round,
            step_no,
            expires_at,
            order_id: order_group_id,
            asked_at,
            closed_at,
            version,
        })
    }
}

/// One step of the approval of a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestStep {
    /// Its place, from 1.
    pub step_no: i32,
    /// The rule that demands it.
    pub rule_id: ApprovalRuleId,
    /// Whoever has this role decides; null where a person is named.
    pub role: Option<Role>,
    /// In which organisation.
    pub organisation_id: OrganisationId,
    /// This person decides.
    pub person_id: Option<PersonId>,
    /// To whom it was handed on.
    pub delegate_id: Option<PersonId>,
    /// Who approved.
    pub decided_by: Option<PersonId>,
    /// For whom, when not for themselves.
    pub decided_for: Option<PersonId>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
}

impl From<purchase_step::Model> for RequestStep {
    fn from(row: purchase_step::Model) -> Self {
        let purchase_step::Model {
            request_id: _,
            round: _,
            step_no,
            rule_id,
            role,
            organisation_id,
            person_id,
            delegate_id,
            remind_hours: _,
            decided_by,
            decided_for,
            decided_at,
        } = row;
        Self { step_no, rule_id, role, organisation_id, person_id, delegate_id, decided_by, decided_for, decided_at }
    }
}

/// Something that happened to a request (办理记录).
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestHistory {
    /// Its place, from 1.
    pub event_no: i32,
    /// What happened.
    pub kind: RequestEvent,
    /// Which time it was asked for.
    pub round: i32,
    /// At which step; 0 at none.
    pub step_no: i32,
    /// Who did it; null where the clock did.
    pub person_id: Option<PersonId>,
    /// Their name.
    pub person_name: Option<String>,
    /// For whom, or to whom it was handed.
    pub other_id: Option<PersonId>,
    /// Why, when somebody said.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

impl RequestHistory {
    /// An entry with the name of whoever did it.
    pub(super) fn of(row: purchase_event::Model, names: &HashMap<PersonId, String>) -> Self {
        let purchase_event::Model { request_id: _, event_no, kind, round, step_no, person_id, other_id, reason, at } =
            row;
        let person_name = person_id.and_then(|id| names.get(&id).cloned());
        Self { event_no, kind, round, step_no, person_id, person_name, other_id, reason, at }
    }
}

/// A request with its steps and its history.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestDetail {
    /// The request itself.
    #[serde(flatten)]
    pub request: PurchaseRequest,
    /// The steps of the present round, in their order.
    pub steps: Vec<RequestStep>,
    /// Everything that happened to it.
    pub history: Vec<RequestHistory>,
}

/// How an order came to be approved.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderApproval {
    /// The order.
    pub order_id: OrderGroupId,
    /// The request it was; null when it was placed without one.
    pub request: Option<RequestDetail>,
}
