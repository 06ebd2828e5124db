//! What comes in and goes out about plans.

use super::terms::terms_of;
use crate::attribution::inputs::{PlanTerms, Pool};
use chrono::{DateTime, Utc};
use entity::plan;
use entity::value::{
    BasisPoints, BenefitMode, OrganisationId, PlanEligibility, PlanId, PlanState, PoolSettlement, ProductId,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A plan to be proposed. The parts are at most 10000 together; what they leave stays with the supplier.
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
    /// For who entrusts animals or land (托管代养); nothing when not given.
    #[serde(default)]
    pub custody_bp: Option<BasisPoints>,
    /// What reaches households at least (农户保底比例), of every order; nothing when not given. At most what the pools
    /// give that are shared with every order.
    #[serde(default)]
    pub floor_bp: Option<BasisPoints>,
    /// What one household gets at most of an order (单户封顶比例), more than nothing; no cap when not given.
    #[serde(default)]
    pub cap_bp: Option<BasisPoints>,
    /// The order in which pools are fed; those not named follow in the usual order.
    #[serde(default)]
    #[schema(max_items = 5, example = json!(["wages", "produce_purchase"]))]
    pub pool_order: Option<Vec<BenefitMode>>,
    /// The pools that wait for the close of a period (按期分配); all others are shared with every order. Produce, which
    /// is known lot by lot, cannot wait.
    #[serde(default)]
    #[schema(max_items = 4, example = json!(["wages"]))]
    pub per_period: Option<Vec<BenefitMode>>,
    /// Whose status lets it share; every household when not given.
    #[serde(default)]
    pub eligible: Option<PlanEligibility>,
    /// Whether only agreements that the county confirmed share; not when not given.
    #[serde(default)]
    pub confirmed_only: Option<bool>,
    /// The products it is for, of your organisation (按产品制定); all that have no plan of their own when not given.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 200)]
    pub product_ids: Option<Vec<ProductId>>,
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
    /// For who entrusts animals or land (托管代养).
    pub custody_bp: BasisPoints,
    /// All pools, in the order in which they are fed.
    pub pools: Vec<PlanPool>,
    /// What stays with the supplier.
    #[schema(minimum = 0, maximum = 10000, example = 3000)]
    pub retained_bp: i64,
    /// What reaches households at least of every order.
    pub floor_bp: BasisPoints,
    /// What one household gets at most of an order; 10000 where there is no cap.
    pub cap_bp: BasisPoints,
    /// Whose status lets it share.
    pub eligible: PlanEligibility,
    /// Whether only agreements that the county confirmed share.
    pub confirmed_only: bool,
    /// The products it is for; none where it is for all that have no plan of their own.
    pub products: Vec<PlanProduct>,
    /// Whether it holds.
    pub state: PlanState,
    /// When it was approved.
    pub approved_at: Option<DateTime<Utc>>,
    /// When it was proposed.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

/// A product that a plan is for.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct PlanProduct {
    /// The product.
    pub product_id: ProductId,
    /// Whether new orders of it are under this plan: not before it is approved, nor after another one took its place.
    pub in_force: bool,
}

/// One pool of a plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlanPool {
    /// Who shares in it.
    pub mode: BenefitMode,
    /// Its part.
    pub bp: BasisPoints,
    /// When it reaches households.
    pub settle: PoolSettlement,
}

/// A plan as everybody may see it: who shares is said, nobody is named.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublishedPlan {
    /// Its identifier.
    pub id: PlanId,
    /// The supplier.
    pub supplier_id: OrganisationId,
    /// Its name.
    #[schema(example = "某县某某种植专业合作社")]
    pub supplier_name: String,
    /// 1 for the supplier's first plan, 2 for the next …
    #[schema(example = 1)]
    pub number: i32,
    /// All pools, in the order in which they are fed.
    pub pools: Vec<PlanPool>,
    /// What stays with the supplier.
    #[schema(minimum = 0, maximum = 10000, example = 3000)]
    pub retained_bp: i64,
    /// What reaches households at least of every order.
    pub floor_bp: BasisPoints,
    /// What one household gets at most of an order; 10000 where there is no cap.
    pub cap_bp: BasisPoints,
    /// Whose status lets it share.
    pub eligible: PlanEligibility,
    /// Whether only agreements that the county confirmed share.
    pub confirmed_only: bool,
    /// The products it is for; none where it is for all that have no plan of their own.
    pub products: Vec<PlanProduct>,
    /// Whether it is in force for new orders, or governs only those placed before it was replaced.
    pub state: PlanState,
    /// When the county approved it.
    pub approved_at: Option<DateTime<Utc>>,
}

/// Which published plans to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PublishedQuery {
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
    /// Only those of this supplier.
    pub supplier_id: Option<OrganisationId>,
}

fn pools_of(terms: PlanTerms) -> Vec<PlanPool> {
    terms.pools.into_iter().map(|Pool { mode, bp, settle }| PlanPool { mode, bp, settle }).collect()
}

fn retained_of(terms: &PlanTerms) -> i64 {
    BasisPoints::WHOLE.get() - terms.pools.iter().map(|pool| pool.bp.get()).sum::<i64>()
}

impl PublishedPlan {
    pub(super) fn of(row: plan::Model, supplier_name: String, products: Vec<PlanProduct>) -> Self {
        let terms = terms_of(&row);
        let plan::Model {
            id, supplier_id, number, floor_bp, cap_bp, eligible, confirmed_only, state, approved_at, ..
        } = row;
        Self {
            id,
            supplier_id,
            supplier_name,
            number,
            retained_bp: retained_of(&terms),
            pools: pools_of(terms),
            floor_bp,
            cap_bp,
            eligible,
            confirmed_only,
            products,
            state,
            approved_at,
        }
    }
}

impl Plan {
    pub(super) fn of(row: plan::Model, products: Vec<PlanProduct>) -> Self {
        let terms = terms_of(&row);
        let plan::Model {
            id,
            supplier_id,
            number,
            produce_bp,
            wages_bp,
            dividend_bp,
            rent_bp,
            custody_bp,
            floor_bp,
            cap_bp,
            wages_settle: _,
            dividend_settle: _,
            rent_settle: _,
            custody_settle: _,
            pool_order: _,
            eligible,
            confirmed_only,
            for_products: _,
            state,
            proposed_by: _,
            approved_by: _,
            approved_at,
            created_at,
            version,
        } = row;
        Self {
            id,
            supplier_id,
            number,
            produce_bp,
            wages_bp,
            dividend_bp,
            rent_bp,
            custody_bp,
            retained_bp: retained_of(&terms),
            pools: pools_of(terms),
            floor_bp,
            cap_bp,
            eligible,
            confirmed_only,
            products,
            state,
            approved_at,
            created_at,
            version,
        }
    }
}
