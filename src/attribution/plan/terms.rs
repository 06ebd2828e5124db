//! What a plan must satisfy by itself, and what of it decides amounts. Pure.
//!
//! A plan whose floor or shares cannot hold, whatever the order, is refused here; whether there are enough households
//! for its floor below its cap is asked when the county approves it.

use super::view::ProposePlan;
use crate::attribution::engine::check_plan;
use crate::attribution::error::{PlanError, fault};
use crate::attribution::inputs::{MODES, Member, PlanTerms, Pool, rank};
use crate::problem::FieldProblem;
use entity::plan;
use entity::value::{BasisPoints, BenefitMode, HouseholdId, PlanEligibility, PlanId, PoolSettlement};
use std::collections::BTreeSet;

/// What of a plan decides amounts.
#[must_use]
pub fn terms_of(plan: &plan::Model) -> PlanTerms {
    let part = |mode| match mode {
        BenefitMode::ProducePurchase => (plan.produce_bp, PoolSettlement::PerOrder),
        BenefitMode::Wages => (plan.wages_bp, plan.wages_settle),
        BenefitMode::Dividend => (plan.dividend_bp, plan.dividend_settle),
        BenefitMode::LandRent => (plan.rent_bp, plan.rent_settle),
        BenefitMode::CustodialFarming => (plan.custody_bp, plan.custody_settle),
    };
    let named = plan.pool_order.split(',').filter_map(|mode| mode.parse().ok()).collect::<Vec<BenefitMode>>();
    let pool = |mode| {
        let (bp, settle) = part(mode);
        Pool { mode, bp, settle }
    };
    PlanTerms {
        id: plan.id,
        pools: whole_order(&named).into_iter().map(pool).collect(),
        floor_bp: plan.floor_bp,
        cap_bp: plan.cap_bp,
        eligible: plan.eligible,
        confirmed_only: plan.confirmed_only,
    }
}

/// All modes: those named first, the others in the usual order.
fn whole_order(named: &[BenefitMode]) -> Vec<BenefitMode> {
    let mut order = Vec::with_capacity(MODES.len());
    for mode in named.iter().chain(&MODES) {
        if !order.contains(mode) {
            order.push(*mode);
        }
    }
    order
}

/// The terms of a plan to be proposed.
///
/// # Errors
/// What cannot hold: parts above the whole, a pool named twice, produce by period, a cap of nothing, a floor above what
/// is shared with every order.
pub(super) fn proposed(id: PlanId, wanted: &ProposePlan) -> Result<PlanTerms, PlanError> {
    let parts = [
        wanted.produce_bp,
        wanted.wages_bp,
        wanted.dividend_bp,
        wanted.rent_bp,
        wanted.custody_bp.unwrap_or(BasisPoints::ZERO),
    ];
    let sum_bp: i64 = parts.iter().map(|part| part.get()).sum();
    if sum_bp > BasisPoints::WHOLE.get() {
        return Err(PlanError::MoreThanTheWhole { sum_bp });
    }
    let named = wanted.pool_order.as_deref().unwrap_or_default();
    let waiting = wanted.per_period.as_deref().unwrap_or_default();
    let faults = faults_of(wanted, named, waiting);
    if !faults.is_empty() {
        return Err(PlanError::Fields(faults));
    }
    let pool = |mode: BenefitMode| Pool {
        mode,
        bp: parts.get(usize::from(rank(mode))).copied().unwrap_or(BasisPoints::ZERO),
        settle: if waiting.contains(&mode) { PoolSettlement::PerPeriod } else { PoolSettlement::PerOrder },
    };
    let terms = PlanTerms {
        id,
        pools: whole_order(named).into_iter().map(pool).collect(),
        floor_bp: wanted.floor_bp.unwrap_or(BasisPoints::ZERO),
        cap_bp: wanted.cap_bp.unwrap_or(BasisPoints::WHOLE),
        eligible: wanted.eligible.unwrap_or(PlanEligibility::All),
        confirmed_only: wanted.confirmed_only.unwrap_or(false),
    };
    check_plan(&terms).map_err(PlanError::CannotHold)?;
    Ok(terms)
}

fn faults_of(wanted: &ProposePlan, named: &[BenefitMode], waiting: &[BenefitMode]) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    let is_double =
        |modes: &[BenefitMode]| modes.iter().map(|mode| rank(*mode)).collect::<BTreeSet<_>>().len() < modes.len();
    if is_double(named) {
        faults.push(fault("/pool_order", "同一方式只能出现一次。", "Each mode is named once."));
    }
    if is_double(waiting) {
        faults.push(fault("/per_period", "同一方式只能出现一次。", "Each mode is named once."));
    }
    if waiting.contains(&BenefitMode::ProducePurchase) {
        faults.push(fault(
            "/per_period",
            "订单收购按批次随单分配，不能按期分配。",
            "Produce is known lot by lot and is shared with every order.",
        ));
    }
    if wanted.cap_bp.is_some_and(BasisPoints::is_zero) {
        faults.push(fault("/cap_bp", "单户封顶比例应大于零。", "A household's cap is more than nothing."));
    }
    faults
}

/// How many households must share at least, so that the floor holds below the cap.
#[must_use]
pub fn households_for_floor(terms: &PlanTerms) -> i64 {
    let (floor, cap) = (terms.floor_bp.get(), terms.cap_bp.get().max(1));
    floor / cap + i64::from(floor % cap != 0)
}

/// How many households of a roster could share with every order under a plan. What is delivered is not known
/// beforehand, so who sells produce counts without a weight.
#[must_use]
pub fn households_sharing(terms: &PlanTerms, roster: &[Member]) -> i64 {
    let is_fed = |mode: BenefitMode| {
        let fed = |pool: &&Pool| pool.mode == mode && pool.settle == PoolSettlement::PerOrder && !pool.bp.is_zero();
        terms.pools.iter().any(|pool| fed(&pool))
    };
    let weighs = |member: &Member| member.weight > 0 || member.mode == BenefitMode::ProducePurchase;
    let sharing = roster.iter().filter(|member| is_fed(member.mode) && weighs(member) && member.may_share(terms));
    let households: BTreeSet<HouseholdId> = sharing.map(|member| member.household_id).collect();
    i64::try_from(households.len()).unwrap_or(i64::MAX)
}
