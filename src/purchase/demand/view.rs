//! What comes in and goes out.

use crate::http::Words;
use chrono::{DateTime, Utc};
use entity::value::{
    BudgetId, CategoryCode, DemandAudience, DemandId, DemandState, Fen, OrganisationId, Packs, PersonId, ProductId,
    PurchaseRequestId, QuotationId, QuotationState,
};
use entity::{demand, demand_line, quotation};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What a buyer wants to be quoted for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishDemand {
    /// What it is about.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "四月食堂大米采购")]
    pub title: Words<200>,
    /// Where the goods go.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "贵阳市观山湖区林城东路 1 号 机关食堂")]
    pub deliver_to: Words<500>,
    /// Until when quotations come in; between an hour and ninety days from now.
    pub deadline: DateTime<Utc>,
    /// With fewer quotations than these it fails (最少报价家数).
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 20, default = 1, example = 3)]
    pub min_quotations: i32,
    /// The suppliers who may answer; all may when none is named.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub invited: Vec<OrganisationId>,
    /// What is wanted.
    #[schema(min_items = 1, max_items = 100)]
    pub lines: Vec<NewDemandLine>,
}

fn one() -> i32 {
    1
}

/// One thing that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDemandLine {
    /// What it is.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "东北大米，每袋 5 千克")]
    pub name: Words<200>,
    /// Which category.
    pub category_code: Option<CategoryCode>,
    /// What it should be like.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1000, example = "当季新米，二级以上")]
    pub specification: Option<Words<1000>>,
    /// How many packs; more than zero.
    pub packs: Packs,
    /// No pack costs more than this (最高限价).
    pub ceiling_fen: Option<Fen>,
}

/// A supplier's answer. It is shut at once and opened after the deadline only.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitQuotation {
    /// A price for each thing that is wanted, each once.
    #[schema(min_items = 1, max_items = 100)]
    pub prices: Vec<QuotedPrice>,
    /// What there is to say.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1000)]
    pub note: Option<Words<1000>>,
}

/// What is asked for one thing.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuotedPrice {
    /// The line of the demand.
    #[schema(example = 1)]
    pub line_no: i32,
    /// The product of yours that you offer for it, on the shelf.
    pub product_id: ProductId,
    /// The price of one pack; more than zero.
    pub unit_price_fen: Fen,
}

/// Whom the buyer chooses.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AwardDemand {
    /// The quotation.
    pub quotation_id: QuotationId,
    /// Why that one (成交理由).
    #[schema(value_type = String, min_length = 1, max_length = 1000, example = "报价最低且质量符合要求")]
    pub reason: Words<1000>,
    /// The budget that pays; left out by enterprises only.
    pub budget_id: Option<BudgetId>,
}

/// Why a demand is called off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelDemand {
    /// The reason (取消原因).
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "采购计划调整")]
    pub reason: Words<500>,
}

/// Which demands a supplier looks for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OpenDemandFilter {
    /// Only those in this state.
    pub state: Option<DemandState>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// One thing that is wanted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DemandLine {
    /// Its place, from 1.
    pub line_no: i32,
    /// What it is.
    pub name: String,
    /// Which category.
    pub category_code: Option<CategoryCode>,
    /// What it should be like.
    pub specification: Option<String>,
    /// How many packs.
    pub packs: Packs,
    /// No pack costs more than this.
    pub ceiling_fen: Option<Fen>,
}

impl From<demand_line::Model> for DemandLine {
    fn from(row: demand_line::Model) -> Self {
        let demand_line::Model { demand_id: _, line_no, name, category_code, specification, packs, ceiling_fen } = row;
        Self { line_no, name, category_code, specification, packs, ceiling_fen }
    }
}

/// A published demand (求购).
#[derive(Debug, Serialize, ToSchema)]
pub struct Demand {
    /// Its identifier.
    pub id: DemandId,
    /// Who wants to buy.
    pub buyer_id: OrganisationId,
    /// What it is about.
    pub title: String,
    /// Where the goods go.
    pub deliver_to: String,
    /// Who may answer.
    pub audience: DemandAudience,
    /// With fewer quotations than these it fails.
    pub min_quotations: i32,
    /// Until when quotations come in, and before which none is opened.
    pub deadline: DateTime<Utc>,
    /// Where it is.
    pub state: DemandState,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// Who opened the quotations.
    pub opened_by: Option<PersonId>,
    /// When.
    pub opened_at: Option<DateTime<Utc>>,
    /// The quotation that was awarded.
    pub awarded_id: Option<QuotationId>,
    /// Why that one, or why it was called off.
    pub reason: Option<String>,
    /// What was asked for with the award.
    pub request_id: Option<PurchaseRequestId>,
    /// When it was awarded, failed or was called off.
    pub closed_at: Option<DateTime<Utc>>,
    /// Grows with every change.
    pub version: i64,
}

impl From<demand::Model> for Demand {
    fn from(row: demand::Model) -> Self {
        let demand::Model {
            id,
            buyer_id,
            title,
            deliver_to,
            audience,
            min_quotations,
            deadline,
            state,
            published_by: _,
            published_at,
            opened_by,
            opened_at,
            awarded_id,
            reason,
            request_id,
            closed_at,
            version,
        } = row;
        Self {
            id,
            buyer_id,
            title,
            deliver_to,
            audience,
            min_quotations,
            deadline,
            state,
            published_at,
            opened_by,
            opened_at,
            awarded_id,
            reason,
            request_id,
            closed_at,
            version,
        }
    }
}

/// A demand with what is wanted and how many answered; nothing of what they ask before it is opened.
#[derive(Debug, Serialize, ToSchema)]
pub struct DemandDetail {
    /// The demand itself.
    #[serde(flatten)]
    pub demand: Demand,
    /// What is wanted.
    pub lines: Vec<DemandLine>,
    /// The suppliers who are invited; empty where all may answer.
    pub invited: Vec<OrganisationId>,
    /// How many quotations there are.
    pub quotations: usize,
}

/// What a quotation that was opened asks for one thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenedPrice {
    /// The line of the demand.
    pub line_no: i32,
    /// The product that is offered for it.
    pub product_id: ProductId,
    /// The price of one pack.
    pub unit_price_fen: Fen,
    /// Whether nobody asks less for this line.
    pub is_lowest: bool,
}

/// A quotation that was opened (报价).
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenedQuotation {
    /// Its identifier.
    pub id: QuotationId,
    /// Who answers.
    pub supplier_id: OrganisationId,
    /// Their name.
    pub supplier_name: String,
    /// What it comes to.
    pub total_fen: Fen,
    /// Its place by what it comes to, from 1; equal totals have equal places.
    pub rank: usize,
    /// What the supplier says.
    pub note: Option<String>,
    /// Its prices.
    pub prices: Vec<OpenedPrice>,
    /// When it was handed in, the last time.
    pub submitted_at: DateTime<Utc>,
}

/// The quotations of a demand beside each other, the lowest first (比价表).
#[derive(Debug, Serialize, ToSchema)]
pub struct QuotationComparison {
    /// Whether they are still shut; then there is nothing to see.
    pub is_sealed: bool,
    /// How many quotations there are.
    pub count: usize,
    /// The quotations.
    pub quotations: Vec<OpenedQuotation>,
}

/// One's own quotation, as its supplier sees it. What is shut is not shown to them either.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnQuotation {
    /// Its identifier.
    pub id: QuotationId,
    /// Where it is.
    pub state: QuotationState,
    /// What it comes to, once it was opened.
    pub total_fen: Option<Fen>,
    /// When it was handed in, the last time.
    pub submitted_at: DateTime<Utc>,
    /// Whether it was awarded.
    pub is_awarded: bool,
    /// Counts how often it was handed in or changed.
    pub version: i64,
}

impl OwnQuotation {
    /// A quotation of this demand.
    pub(super) fn of(row: &quotation::Model, demand: &demand::Model) -> Self {
        Self {
            id: row.id,
            state: row.state,
            total_fen: row.total_fen,
            submitted_at: row.submitted_at,
            is_awarded: demand.awarded_id == Some(row.id),
            version: row.version,
        }
    }
}

/// A demand as a supplier sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenDemand {
    /// Its identifier.
    pub id: DemandId,
    /// Who wants to buy.
    pub buyer_id: OrganisationId,
    /// What it is about.
    pub title: String,
    /// Where the goods go.
    pub deliver_to: String,
    /// Until when quotations come in.
    pub deadline: DateTime<Utc>,
    /// Where it is.
    pub state: DemandState,
    /// What is wanted; empty in lists.
    pub lines: Vec<DemandLine>,
    /// One's own answer.
    pub own: Option<OwnQuotation>,
}

impl OpenDemand {
    /// A demand with one's own answer.
    pub(super) fn of(row: demand::Model, lines: Vec<demand_line::Model>, own: Option<&quotation::Model>) -> Self {
        let own = own.map(|quotation| OwnQuotation::of(quotation, &row));
        Self {
            id: row.id,
            buyer_id: row.buyer_id,
            title: row.title,
            deliver_to: row.deliver_to,
            deadline: row.deadline,
            state: row.state,
            lines: lines.into_iter().map(Into::into).collect(),
            own,
        }
    }
}
