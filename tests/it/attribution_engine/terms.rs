//! Properties of plans with an order, a floor, a cap, conditions, periods and advanced costs.

use entity::value::{
    BasisPoints, BenefitMode, Fen, HouseholdId, HouseholdStatusKind, PeriodPoolId, PlanEligibility, PoolSettlement,
    ShareBasis,
};
use liannong::attribution::engine::{AttributionError, Outcome, attribute};
use liannong::attribution::inputs::{HeldIn, Inputs, MODES, Member, PlanTerms, Pool, Rule, hash};
use liannong::verify::shares;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::collections::BTreeMap;

use super::{amounts, cases, fen, inputs_of, member, order, points, recorded, shuffled, weights};

/// A plan with everything a plan can have; it can always hold.
fn whole_plans() -> impl Strategy<Value = PlanTerms> {
    let cuts = prop::array::uniform5(0_i64..=10_000);
    let settles = prop::array::uniform4(select(PoolSettlement::ALL));
    let floor = prop_oneof![Just(0_u8), 0_u8..=100, Just(100)];
    let cap = prop_oneof![Just(10_000_i64), 1_i64..=10_000, 1_i64..=1_500];
    let rest = (select(PlanEligibility::ALL), any::<bool>(), prop::array::uniform5(any::<Index>()));
    (cuts, settles, floor, cap, rest).prop_map(|(mut cuts, settles, floor, cap, (eligible, confirmed_only, swaps))| {
        cuts.sort_unstable();
        let mut before = 0;
        let mut pools = Vec::new();
        for (place, (mode, cut)) in MODES.into_iter().zip(cuts).enumerate() {
            let settle = if place == 0 { PoolSettlement::PerOrder } else { settles[place - 1] };
            pools.push(Pool { mode, bp: points(cut - before), settle });
            before = cut;
        }
        let at_once: i64 =
            pools.iter().filter(|pool| pool.settle == PoolSettlement::PerOrder).map(|pool| pool.bp.get()).sum();
        for (place, swap) in swaps.iter().enumerate() {
            let other = swap.index(pools.len());
            pools.swap(place, other);
        }
        PlanTerms {
            id: "019372a0-6c00-7000-8000-0000000000ff".parse().unwrap(),
            pools,
            floor_bp: points(at_once * i64::from(floor) / 100),
            cap_bp: points(cap),
            eligible,
            confirmed_only,
        }
    })
}

fn whole_rosters() -> impl Strategy<Value = Vec<Member>> {
    let costs = prop_oneof![Just((0_i64, 0_i64)), (0_i64..=100_000, 0_i64..=10_000)];
    let one = (select(BenefitMode::ALL), weights(), select(HouseholdStatusKind::ALL), any::<bool>(), costs);
    prop::collection::vec(one, 0..30).prop_map(|all| {
        let numbered = all.into_iter().zip(0_u64..);
        numbered
            .map(|((mode, weight, household_status, confirmed, (costs, cap)), n)| Member {
                household_status,
                confirmed,
                costs_fen: fen(costs),
                cost_cap_bp: points(cap),
                ..member(mode, n, weight)
            })
            .collect()
    })
}

fn whole_inputs() -> impl Strategy<Value = Inputs> {
    (any::<u64>(), whole_plans(), amounts(), whole_rosters()).prop_map(|(number, plan, amount, roster)| {
        let held_in = MODES.map(|mode| HeldIn { mode, pool_id: PeriodPoolId::from_uuid(order(number ^ 7).uuid()) });
        Inputs {
            rule: Rule::PRESENT,
            supplier_order_id: order(number),
            basis: ShareBasis::Accrued,
            plan,
            held_in: held_in.to_vec(),
            attributable_fen: fen(amount),
            roster,
        }
    })
}

/// What each household gets, before it repays anything.
fn gross(outcome: &Outcome, inputs: &Inputs) -> BTreeMap<HouseholdId, i64> {
    let mut gross: BTreeMap<HouseholdId, i64> = BTreeMap::new();
    for share in &outcome.shares {
        *gross.entry(share.household_id).or_default() += share.amount_fen.get();
    }
    for deduction in &outcome.deductions {
        let member = inputs.roster.iter().find(|member| member.agreement_id == deduction.agreement_id).unwrap();
        *gross.entry(member.household_id).or_default() += deduction.amount_fen.get();
    }
    gross
}

fn is_fed(plan: &PlanTerms, mode: BenefitMode) -> bool {
    let fed = |pool: &&Pool| pool.mode == mode && pool.settle == PoolSettlement::PerOrder && !pool.bp.is_zero();
    plan.pools.iter().any(|pool| fed(&pool))
}

/// Nobody may share in any pool of the plan that is shared with the order.
fn nobody_may_share(inputs: &Inputs) -> bool {
    let may =
        |member: &&Member| member.weight > 0 && member.may_share(&inputs.plan) && is_fed(&inputs.plan, member.mode);
    !inputs.roster.iter().any(|member| may(&member))
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn nothing_is_lost_under_any_plan(inputs in whole_inputs()) {
        let Ok(outcome) = attribute(&inputs) else { return Ok(()) };
        let shared: i64 = outcome.shares.iter().map(|share| share.amount_fen.get()).sum();
        let held: i64 = outcome.held.iter().map(|held| held.amount_fen.get()).sum();
        prop_assert_eq!(shared + held + outcome.retained_fen.get(), inputs.attributable_fen.get());
    }

    #[test]
    fn a_floor_holds_or_the_order_is_refused_and_a_cap_yields_to_nothing_else(inputs in whole_inputs()) {
        let floor = inputs.plan.floor_bp.of(inputs.attributable_fen).get();
        match attribute(&inputs) {
            Err(error) => {
                prop_assert_eq!(error, AttributionError::FloorCannotHold { floor_fen: fen(floor) });
                prop_assert!(nobody_may_share(&inputs) && floor > 0);
            }
            Ok(outcome) => {
                let households = gross(&outcome, &inputs);
                let reached: i64 = households.values().sum();
                prop_assert!(reached >= floor);
                let cap = inputs.plan.cap_bp.of(inputs.attributable_fen).get();
                let above = households.values().any(|amount| *amount > cap);
                prop_assert!(!above || reached == floor, "{} reached of {floor}, capped at {cap}", reached);
            }
        }
    }

    #[test]
    fn who_weighs_nothing_or_may_not_share_never_receives(inputs in whole_inputs()) {
        let Ok(outcome) = attribute(&inputs) else { return Ok(()) };
        for share in &outcome.shares {
            prop_assert!(share.weight > 0 && !share.amount_fen.is_zero());
            let member = inputs.roster.iter().find(|member| member.agreement_id == share.agreement_id).unwrap();
            prop_assert!(member.may_share(&inputs.plan) && is_fed(&inputs.plan, share.mode));
        }
    }

    #[test]
    fn whatever_the_order_of_the_roster_the_outcome_is_one(
        inputs in whole_inputs(), swaps in prop::collection::vec(any::<Index>(), 30),
    ) {
        let other = Inputs { roster: shuffled(&inputs.roster, &swaps), ..inputs.clone() };
        prop_assert_eq!(attribute(&inputs), attribute(&other));
        prop_assert_eq!(inputs.canonical(), other.canonical());
    }

    #[test]
    fn below_a_cap_the_heavier_never_gets_less(
        number in any::<u64>(), amount in amounts(), cap in 1_i64..=4_000, floor in 0_i64..=10_000,
        all in prop::collection::vec(weights(), 1..30),
    ) {
        let roster = all.iter().zip(0_u64..).map(|(weight, n)| {
            let household_id = format!("{n:032x}").parse().unwrap();
            Member { household_id, ..member(BenefitMode::Wages, n, *weight) }
        });
        let mut inputs = inputs_of([0, 10_000, 0, 0], amount, roster.collect());
        inputs.supplier_order_id = order(number);
        inputs.plan.cap_bp = points(cap);
        inputs.plan.floor_bp = points(floor);
        let Ok(outcome) = attribute(&inputs) else { return Ok(()) };
        let of = |member: &Member| {
            let share = outcome.shares.iter().find(|share| share.agreement_id == member.agreement_id);
            share.map_or(0, |share| share.amount_fen.get())
        };
        let mut members = inputs.roster.clone();
        members.sort_unstable_by_key(|member| member.weight);
        for pair in members.windows(2).filter(|pair| pair[0].weight < pair[1].weight) {
            prop_assert!(of(&pair[0]) <= of(&pair[1]));
        }
        // Nothing is left over while somebody who weighs something is below the cap.
        let cap = inputs.plan.cap_bp.of(inputs.attributable_fen).get();
        let is_full = members.iter().filter(|member| member.weight > 0).all(|member| of(member) >= cap);
        prop_assert!(outcome.retained_fen.is_zero() || is_full);
    }

    #[test]
    fn costs_are_repaid_within_their_bounds(inputs in whole_inputs()) {
        let Ok(outcome) = attribute(&inputs) else { return Ok(()) };
        let free = Inputs {
            roster: inputs.roster.iter().map(|member| Member { costs_fen: Fen::ZERO, ..*member }).collect(),
            ..inputs.clone()
        };
        let before = attribute(&free).unwrap();
        let of = |outcome: &Outcome, member: &Member| {
            let share = outcome.shares.iter().find(|share| share.agreement_id == member.agreement_id);
            share.map_or(Fen::ZERO, |share| share.amount_fen)
        };
        for member in &inputs.roster {
            let repaid = outcome.deductions.iter().find(|deduction| deduction.agreement_id == member.agreement_id);
            let repaid = repaid.map_or(Fen::ZERO, |deduction| deduction.amount_fen);
            let had = of(&before, member);
            prop_assert_eq!(of(&outcome, member).checked_add(repaid).unwrap(), had);
            prop_assert_eq!(repaid, member.costs_fen.min(member.cost_cap_bp.of(had)));
        }
    }

    #[test]
    fn a_second_computation_agrees_under_any_plan(inputs in whole_inputs()) {
        let text = inputs.canonical();
        prop_assert_eq!(&Inputs::from_canonical(&text).unwrap().canonical(), &text);
        match (attribute(&inputs), shares::recompute(&text)) {
            (Err(_), again) => prop_assert!(again.is_err()),
            (Ok(outcome), again) => {
                let again = again.unwrap();
                prop_assert_eq!(&again.shares, &recorded(&outcome));
                prop_assert_eq!(again.retained_fen, outcome.retained_fen.get());
                let held: Vec<_> = outcome
                    .held
                    .iter()
                    .map(|held| {
                        let pool = inputs.pool_of(held.mode).map(|pool| pool.to_string());
                        (held.mode.to_string(), pool, held.amount_fen.get())
                    })
                    .collect();
                prop_assert_eq!(again.held, held);
                let repaid: i64 = again.deducted.iter().map(|(_, amount)| amount).sum();
                let deducted: i64 = outcome.deductions.iter().map(|deduction| deduction.amount_fen.get()).sum();
                prop_assert_eq!(repaid, deducted);
                let checked = shares::check(&text, &hash(&text), &recorded(&outcome), outcome.retained_fen.get());
                prop_assert_eq!(checked, Ok(()));
            }
        }
    }

    #[test]
    fn a_refusal_changes_nothing(inputs in whole_inputs(), above in any::<Index>()) {
        let mut wrong = inputs.clone();
        let at_once: i64 = wrong.plan.pools.iter().filter(|pool| pool.settle == PoolSettlement::PerOrder)
            .map(|pool| pool.bp.get()).sum();
        // A floor is at most the whole: a plan that gives everything at once has none above it.
        let room = usize::try_from(10_000 - at_once).unwrap();
        if room == 0 { return Ok(()) }
        let above = 1 + i64::try_from(above.index(room)).unwrap();
        wrong.plan.floor_bp = points(at_once + above);
        let kept = wrong.clone();
        let refusal = AttributionError::FloorAbovePools { floor_bp: at_once + above, given_bp: at_once };
        prop_assert_eq!(attribute(&wrong), Err(refusal));
        prop_assert!(shares::recompute(&wrong.canonical()).is_err());
        prop_assert_eq!(&wrong, &kept);
        prop_assert_eq!(attribute(&inputs), attribute(&inputs));
    }
}

#[test]
fn a_pool_named_twice_is_refused_by_both_computations() {
    let mut inputs = inputs_of([1_000, 1_000, 0, 0], 100, Vec::new());
    inputs.plan.pools[1].mode = BenefitMode::ProducePurchase;
    let refusal = AttributionError::DuplicatePool { mode: BenefitMode::ProducePurchase };
    assert_eq!(attribute(&inputs), Err(refusal));
    assert!(shares::recompute(&inputs.canonical()).is_err());
    assert!(refusal.zh().contains("订单收购"));
    assert_eq!(BasisPoints::WHOLE.of(fen(7)), fen(7));
}
