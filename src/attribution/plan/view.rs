//! What comes in and goes out about plans.

use chrono::{DateTime, Utc};
use entity::plan;
use entity::value::{BasisPoints, OrganisationId, PlanId, PlanState};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A plan to be proposed. The four parts are at most 10000 together; what they leave stays with the supplier.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposePlan {
    /// For produce bought from households (订单收购).
    pub produce_bp: BasisPoints,
    /// For wages (务工就业).
    pub wages_bp: BasisPoints,
    /// For dividends (入股分红).
    pub dividend_bp: BasisPoints,
    /// For land rent (土地流转).
    pub rent_bp: BasisPoints,
}

/// What a list of plans is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PlanQuery {
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
    /// Only those in this state.
    pub state: Option<PlanState>,
    /// Only those of this supplier.
    pub supplier_id: Option<OrganisationId>,
}

/// A supplier's plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Plan {
    /// Its identifier.
    pub id: PlanId,
    /// The supplier.
    pub supplier_id: OrganisationId,
    /// 1 for the supplier's first plan, 2 for the next …
    #[schema(example = 1)]
    pub number: i32,
    /// For produce bought from households (订单收购).
    pub produce_bp: BasisPoints,
    /// For wages (务工就业).
    pub wages_bp: BasisPoints,
    /// For dividends (入股分红).
    pub dividend_bp: BasisPoints,
    /// For land rent (土地流转).
    pub rent_bp: BasisPoints,
    /// What stays with the supplier.
    #[schema(minimum = 0, maximum = 10000, example = 3000)]
    pub retained_bp: i64,
    /// Whether it holds.
    pub state: PlanState,
    /// When it was approved.
    pub approved_at: Option<DateTime<Utc>>,
    /// When it was proposed.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

/// The sum of a plan's four parts.
pub(super) fn sum_bp(parts: [BasisPoints; 4]) -> i64 {
    parts.into_iter().map(BasisPoints::get).sum()
}

impl From<plan::Model> for Plan {
    fn from(row: plan::Model) -> Self {
        let plan::Model {
            id,
            supplier_id,
            number,
            produce_bp,
            wages_bp,
            dividend_bp,
            rent_bp,
            state,
            proposed_by: _,
            approved_by: _,
            approved_at,
            created_at,
            version,
        } = row;
        let retained_bp = 10_000 - sum_bp([produce_bp, wages_bp, dividend_bp, rent_bp]);
        Self {
            id,
            supplier_id,
            number,
            produce_bp,
            wages_bp,
            dividend_bp,
            rent_bp,
            retained_bp,
            state,
            approved_at,
            created_at,
            version,
        }
    }
}
