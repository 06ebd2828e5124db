//! The arithmetic of shares: properties and refusals; beside them, the cases worked by hand.
//!
//! `PROPTEST_CASES` sets how many random cases each property sees.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod closes;
mod instalments;
mod parts;
mod terms;
mod terms_worked;
mod worked;

use entity::value::{
    AgreementId, BasisPoints, BenefitMode, Fen, FenPerKilogram, Grams, HouseholdId, HouseholdStatusKind, Packs,
    ShareBasis, SupplierOrderId,
};
use liannong::attribution::engine::{
    AttributionError, Outcome, ProduceWeightError, Share, SplitError, attribute, produce_weight, split_by_weight,
};
use liannong::attribution::inputs::{Inputs, InputsError, MODES, Member, PlanTerms, Rule, hash};
use liannong::verify::shares::{self, ShareFault};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::collections::BTreeMap;

fn cases() -> ProptestConfig {
    let chosen = std::env::var_os("PROPTEST_CASES").is_some();
    let default = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if chosen { default } else { ProptestConfig { cases: 500, ..default } }
}

fn fen(amount: i64) -> Fen {
    Fen::new(amount).unwrap()
}

fn points(value: i64) -> BasisPoints {
    BasisPoints::new(value).unwrap()
}

fn plan(parts: [i64; 4]) -> PlanTerms {
    let [produce, wages, dividend, rent] = parts.map(points);
    let id = "019372a0-6c00-7000-8000-0000000000ff".parse().unwrap();
    PlanTerms::plain(id, [produce, wages, dividend, rent, BasisPoints::ZERO])
}

/// An agreement's identifier from any number: 16 bytes in which neighbours differ early and late.
fn agreement(number: u64) -> AgreementId {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("{:032x}", (u128::from(mixed) << 64) | u128::from(number)).parse().unwrap()
}

fn member(mode: BenefitMode, number: u64, weight: i64) -> Member {
    let household_id: HouseholdId = format!("{:032x}", number % 7).parse().unwrap();
    Member {
        mode,
        agreement_id: agreement(number),
        household_id,
        household_status: HouseholdStatusKind::Registered,
        confirmed: true,
        weight,
        costs_fen: Fen::ZERO,
        cost_cap_bp: BasisPoints::ZERO,
    }
}

fn order(number: u64) -> SupplierOrderId {
    format!("{:032x}", u128::from(number) << 20).parse().unwrap()
}

fn inputs_of(parts: [i64; 4], attributable: i64, roster: Vec<Member>) -> Inputs {
    let (supplier_order_id, basis) = (order(1), ShareBasis::Accrued);
    let (plan, held_in, attributable_fen) = (plan(parts), Vec::new(), fen(attributable));
    Inputs { rule: Rule::PRESENT, supplier_order_id, basis, plan, held_in, attributable_fen, roster }
}

fn amounts() -> impl Strategy<Value = i64> {
    prop_oneof![0_i64..=500, 0_i64..=10_000_000, 0_i64..=Fen::MAX.get(), Just(Fen::MAX.get())]
}

/// Small, equal, huge and absent weights; forty of the largest still have a sum.
fn weights() -> impl Strategy<Value = i64> {
    prop_oneof![Just(0_i64), Just(1), 1_i64..=9, 1_i64..=1_000_000_000_000, 1_i64..=i64::MAX / 64]
}

fn plans() -> impl Strategy<Value = [i64; 4]> {
    let cuts = prop::array::uniform4(prop_oneof![0_i64..=10_000, select(vec![0_i64, 2_500, 5_000, 7_500, 10_000])]);
    cuts.prop_map(|mut cuts| {
        cuts.sort_unstable();
        [cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1], cuts[3] - cuts[2]]
    })
}

fn rosters() -> impl Strategy<Value = Vec<Member>> {
    let one = (select(BenefitMode::ALL), weights(), select(HouseholdStatusKind::ALL));
    prop::collection::vec(one, 0..40).prop_map(|all| {
        let numbered = all.into_iter().zip(0_u64..);
        numbered
            .map(|((mode, weight, status), n)| Member { household_status: status, ..member(mode, n, weight) })
            .collect()
    })
}

fn any_inputs() -> impl Strategy<Value = Inputs> {
    (any::<u64>(), select(ShareBasis::ALL), plans(), amounts(), rosters()).prop_map(
        |(number, basis, parts, amount, roster)| Inputs {
            supplier_order_id: order(number),
            basis,
            ..inputs_of(parts, amount, roster)
        },
    )
}

/// The same, as an earlier rule recorded it: four modes, no conditions, nothing confirmed or repaid.
fn by_rule(rule: Rule, inputs: &Inputs) -> Inputs {
    let roster = inputs.roster.iter().copied().filter(|member| member.mode != BenefitMode::CustodialFarming).collect();
    Inputs { rule, roster, ..inputs.clone() }
}

/// A roster in another order.
fn shuffled(roster: &[Member], swaps: &[Index]) -> Vec<Member> {
    let mut roster = roster.to_vec();
    for (place, swap) in swaps.iter().enumerate().take(roster.len()) {
        let other = swap.index(roster.len());
        roster.swap(place, other);
    }
    roster
}

fn sum(outcome: &Outcome, mode: BenefitMode) -> i64 {
    outcome.shares.iter().filter(|share| share.mode == mode).map(|share| share.amount_fen.get()).sum()
}

fn received(outcome: &Outcome, member: &Member) -> i64 {
    let is_theirs = |share: &&Share| share.mode == member.mode && share.agreement_id == member.agreement_id;
    outcome.shares.iter().find(is_theirs).map_or(0, |share| share.amount_fen.get())
}

/// The households of a pool with their whole weights.
fn households(inputs: &Inputs, mode: BenefitMode) -> BTreeMap<HouseholdId, i128> {
    let mut all = BTreeMap::new();
    for member in inputs.roster.iter().filter(|member| member.mode == mode) {
        *all.entry(member.household_id).or_default() += i128::from(member.weight);
    }
    all
}

fn of_household(outcome: &Outcome, mode: BenefitMode, household: HouseholdId) -> i64 {
    let theirs = outcome.shares.iter().filter(|share| share.mode == mode && share.household_id == household);
    theirs.map(|share| share.amount_fen.get()).sum()
}

fn weight_of_pool(inputs: &Inputs, mode: BenefitMode) -> i128 {
    inputs.roster.iter().filter(|member| member.mode == mode).map(|member| i128::from(member.weight)).sum()
}

fn recorded(outcome: &Outcome) -> Vec<shares::Share> {
    let text = |share: &Share| shares::Share {
        mode: share.mode.to_string(),
        agreement_id: share.agreement_id.to_string(),
        household_id: share.household_id.to_string(),
        household_status: share.household_status.to_string(),
        weight: share.weight,
        amount_fen: share.amount_fen.get(),
    };
    outcome.shares.iter().map(text).collect()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn shares_and_the_retained_amount_add_up_to_the_fen(inputs in any_inputs()) {
        let outcome = attribute(&inputs).unwrap();
        let shared: i64 = MODES.iter().map(|mode| sum(&outcome, *mode)).sum();
        prop_assert_eq!(shared + outcome.retained_fen.get(), inputs.attributable_fen.get());
    }

    #[test]
    fn every_pool_and_every_share_is_within_a_fen_of_its_exact_quota(inputs in any_inputs()) {
        let outcome = attribute(&inputs).unwrap();
        for mode in MODES {
            let whole_weight = weight_of_pool(&inputs, mode);
            let pool = i128::from(sum(&outcome, mode));
            if whole_weight == 0 {
                prop_assert_eq!(pool, 0);
                continue;
            }
            let exact = i128::from(inputs.attributable_fen.get()) * i128::from(inputs.plan.basis_points(mode).get());
            prop_assert!((pool * 10_000 - exact).abs() < 10_000);
            for (household, weight) in households(&inputs, mode) {
                let part = i128::from(of_household(&outcome, mode, household));
                prop_assert!((part * whole_weight - pool * weight).abs() < whole_weight);
            }
        }
    }

    /// One member more than can be: nothing is shared, in neither computation; without it all is as before.
    #[test]
    fn a_refusal_changes_nothing(inputs in any_inputs(), fault in 0_u8..2, place in any::<Index>()) {
        let before = attribute(&inputs).unwrap();
        let mut spoilt = inputs.clone();
        match spoilt.roster.get(place.index(inputs.roster.len().max(1))).copied() {
            Some(twice) if fault == 0 => spoilt.roster.push(twice),
            _ => spoilt.roster.push(Member { weight: -1, ..member(BenefitMode::Wages, 1_000, 1) }),
        }
        prop_assert!(attribute(&spoilt).is_err());
        prop_assert!(shares::recompute(&spoilt.canonical()).is_err());
        prop_assert_eq!(attribute(&inputs).unwrap(), before);
    }

    #[test]
    fn a_zero_weight_never_receives_and_no_share_is_empty(inputs in any_inputs()) {
        let outcome = attribute(&inputs).unwrap();
        prop_assert!(outcome.shares.iter().all(|share| share.weight > 0 && !share.amount_fen.is_zero()));
    }

    #[test]
    fn the_heavier_never_gets_less(inputs in any_inputs()) {
        let outcome = attribute(&inputs).unwrap();
        for mode in MODES {
            let mut pool: Vec<_> = households(&inputs, mode).into_iter().collect();
            pool.sort_unstable_by_key(|(_, weight)| *weight);
            for pair in pool.windows(2).filter(|pair| pair[0].1 < pair[1].1) {
                let [lighter, heavier] = [pair[0].0, pair[1].0].map(|one| of_household(&outcome, mode, one));
                prop_assert!(lighter <= heavier);
            }
        }
    }

    #[test]
    fn the_order_of_the_roster_changes_nothing(inputs in any_inputs(), swaps in prop::collection::vec(any::<Index>(), 40)) {
        let other = Inputs { roster: shuffled(&inputs.roster, &swaps), ..inputs.clone() };
        prop_assert_eq!(attribute(&inputs).unwrap(), attribute(&other).unwrap());
        prop_assert_eq!(inputs.canonical(), other.canonical());
    }

    #[test]
    fn shares_are_listed_by_mode_and_agreement_as_the_roster_has_them(inputs in any_inputs()) {
        let outcome = attribute(&inputs).unwrap();
        let place = |share: &Share| (MODES.iter().position(|mode| *mode == share.mode), share.agreement_id);
        prop_assert!(outcome.shares.windows(2).all(|pair| place(&pair[0]) < place(&pair[1])));
        for share in &outcome.shares {
            let is_theirs = |member: &&Member| {
                (member.mode, member.agreement_id, member.household_id, member.household_status, member.weight)
                    == (share.mode, share.agreement_id, share.household_id, share.household_status, share.weight)
            };
            prop_assert_eq!(inputs.roster.iter().filter(is_theirs).count(), 1);
        }
    }

    #[test]
    fn a_pool_that_loses_its_members_is_retained_and_moves_no_other(inputs in any_inputs(), left in select(&MODES[..])) {
        let before = attribute(&inputs).unwrap();
        let roster = inputs.roster.iter().copied().filter(|member| member.mode != left).collect();
        let after = attribute(&Inputs { roster, ..inputs }).unwrap();
        prop_assert_eq!(after.retained_fen.get(), before.retained_fen.get() + sum(&before, left));
        let others: Vec<Share> = before.shares.into_iter().filter(|share| share.mode != left).collect();
        prop_assert_eq!(after.shares, others);
    }

    #[test]
    fn a_second_computation_by_other_means_agrees(inputs in any_inputs()) {
        let outcome = attribute(&inputs).unwrap();
        let text = inputs.canonical();
        let again = shares::recompute(&text).unwrap();
        prop_assert_eq!(&again.shares, &recorded(&outcome));
        prop_assert_eq!(again.retained_fen, outcome.retained_fen.get());
        prop_assert_eq!(again.attributable_fen, inputs.attributable_fen.get());
        prop_assert_eq!(again.supplier_order_id, inputs.supplier_order_id.to_string());
        prop_assert_eq!(again.plan_id, inputs.plan.id.to_string());
        prop_assert_eq!(again.basis, inputs.basis.as_str());
        prop_assert_eq!(shares::check(&text, &hash(&text), &recorded(&outcome), outcome.retained_fen.get()), Ok(()));
    }

    #[test]
    fn a_moved_fen_is_found_at_its_line(inputs in any_inputs(), at in any::<Index>()) {
        let outcome = attribute(&inputs).unwrap();
        // Nobody shares, so nothing of a share can be moved.
        if outcome.shares.is_empty() { return Ok(()) }
        let (text, mut lines) = (inputs.canonical(), recorded(&outcome));
        let place = at.index(lines.len());
        lines[place].amount_fen += 1;
        let fault = shares::check(&text, &hash(&text), &lines, outcome.retained_fen.get() - 1).unwrap_err();
        let found = matches!(fault, ShareFault::Differs { line, field: "amount_fen", .. } if line == place + 1);
        prop_assert!(found, "{}", fault);
    }

    #[test]
    fn recorded_inputs_come_back_as_they_were(inputs in any_inputs()) {
        let text = inputs.canonical();
        let back = Inputs::from_canonical(&text).unwrap();
        prop_assert_eq!(back.canonical(), text);
        prop_assert_eq!(attribute(&back).unwrap(), attribute(&inputs).unwrap());
    }

    #[test]
    fn what_earlier_rules_recorded_is_computed_and_verified_as_they_had_it(
        inputs in any_inputs(), rule in select(vec![Rule::First, Rule::Second]),
    ) {
        let recorded_then = by_rule(rule, &inputs);
        let text = recorded_then.canonical();
        let back = Inputs::from_canonical(&text).unwrap();
        prop_assert_eq!(&back.canonical(), &text);
        let outcome = attribute(&back).unwrap();
        prop_assert_eq!(shares::check(&text, &hash(&text), &recorded(&outcome), outcome.retained_fen.get()), Ok(()));
        // Where every household has one agreement in a pool, the present rule gives the same.
        let alone = |mut member: Member| {
            member.household_id = member.agreement_id.uuid().to_string().parse().unwrap();
            member
        };
        let apart = |inputs: &Inputs| Inputs { roster: inputs.roster.iter().copied().map(alone).collect(), ..inputs.clone() };
        let now = Inputs { rule: Rule::PRESENT, ..apart(&recorded_then) };
        prop_assert_eq!(attribute(&now).unwrap(), attribute(&apart(&recorded_then)).unwrap());
    }

    #[test]
    fn a_split_loses_nothing_whatever_the_weights(
        total in amounts(), number in any::<u64>(), all in prop::collection::vec(any::<u32>().prop_map(u64::from), 1..60),
    ) {
        let keyed: Vec<([u8; 8], u64)> = all.iter().zip(0_u64..).map(|(weight, n)| (n.to_be_bytes(), *weight)).collect();
        match split_by_weight(fen(total), order(number), &keyed) {
            Ok(parts) => prop_assert_eq!(Fen::checked_sum(parts).unwrap(), fen(total)),
            Err(error) => prop_assert!(error == SplitError::NoWeight && all.iter().all(|weight| *weight == 0)),
        }
    }

    #[test]
    fn a_delivery_weighs_at_most_what_it_is_worth(
        lot in 1_i64..=50_000_000, shipped in any::<Index>(), delivered in any::<Index>(), price in 0_i64..=100_000,
        packs in 1_i64..=10_000, accepted in any::<Index>(),
    ) {
        let part = |of: i64, index: Index| i64::try_from(index.index(usize::try_from(of).unwrap() + 1)).unwrap();
        let (shipped, delivered, accepted) = (part(lot, shipped), part(lot, delivered), part(packs, accepted));
        let weight = weigh([shipped, lot, delivered, price, accepted, packs]).unwrap();
        prop_assert!(i128::from(weight) <= i128::from(delivered) * i128::from(price));
        let whole = i128::from(lot) * i128::from(packs);
        let exact = i128::from(shipped) * i128::from(delivered) * i128::from(price) * i128::from(accepted);
        prop_assert!(i128::from(weight) * whole <= exact && exact < (i128::from(weight) + 1) * whole);
    }
}

fn weigh([shipped, lot, delivery, price, accepted, packs]: [i64; 6]) -> Result<u64, ProduceWeightError> {
    produce_weight(
        Grams::new(shipped).unwrap(),
        Grams::new(lot).unwrap(),
        Grams::new(delivery).unwrap(),
        FenPerKilogram::new(price).unwrap(),
        Packs::new(accepted).unwrap(),
        Packs::new(packs).unwrap(),
    )
}

#[test]
fn five_thousand_households_share_one_order() {
    let weight = |number: u64| i64::try_from(number % 97).unwrap();
    let roster = (0..5_000).map(|n| member(MODES[usize::try_from(n % 4).unwrap()], n, weight(n))).collect();
    let inputs = inputs_of([4_001, 2_999, 1_333, 777], 12_345_679, roster);
    let (outcome, text) = (attribute(&inputs).unwrap(), inputs.canonical());
    assert!(outcome.shares.len() > 4_900);
    assert_eq!(shares::check(&text, &hash(&text), &recorded(&outcome), outcome.retained_fen.get()), Ok(()));

    let equals = (0..5_000).map(|n| member(BenefitMode::Dividend, n, 1)).collect();
    let inputs = inputs_of([0, 0, 10_000, 0], 7_499, equals);
    let (outcome, text) = (attribute(&inputs).unwrap(), inputs.canonical());
    assert_eq!(outcome.shares.iter().filter(|share| share.amount_fen == fen(2)).count(), 2_499);
    assert_eq!(shares::check(&text, &hash(&text), &recorded(&outcome), 0), Ok(()));
}

#[test]
fn over_many_orders_the_odd_fen_favours_nobody() {
    let equals: Vec<(_, u64)> = (0..3).map(|n| (agreement(n).uuid().into_bytes(), 1)).collect();
    let mut odd = [0, 0, 0];
    for number in 0..3_000 {
        let parts = split_by_weight(fen(100), order(number), &equals).unwrap();
        odd[parts.iter().position(|part| *part == fen(34)).unwrap()] += 1;
    }
    assert!(odd.iter().all(|times| (900..=1_100).contains(times)), "{odd:?}");
}

#[test]
fn nothing_is_split_among_nobody() {
    let nobody: [([u8; 1], u64); 0] = [];
    assert_eq!(split_by_weight(fen(5), order(1), &nobody), Err(SplitError::NoWeight));
    assert_eq!(split_by_weight(fen(5), order(1), &[(b"a", 0), (b"b", 0)]), Err(SplitError::NoWeight));
    assert_eq!(split_by_weight(fen(5), order(1), &[(b"a", u64::MAX), (b"b", 1)]), Err(SplitError::Overflow));
    assert_eq!(split_by_weight(Fen::MAX, order(1), &[(b"a", u64::MAX)]), Ok(vec![Fen::MAX]));
    assert_eq!(split_by_weight(Fen::ZERO, order(1), &[(b"a", 1), (b"b", 2)]), Ok(vec![Fen::ZERO; 2]));
}

#[test]
fn contradictions_are_refused_by_both_computations() {
    let wages = |number, weight| member(BenefitMode::Wages, number, weight);
    let twice = vec![wages(1, 4), member(BenefitMode::LandRent, 1, 4), wages(1, 5)];
    let same = AttributionError::DuplicateMember { mode: BenefitMode::Wages, agreement_id: agreement(1) };
    let negative = AttributionError::NegativeWeight { agreement_id: agreement(2), weight: -1 };
    let above = AttributionError::PlanAboveWhole { sum_bp: 10_001 };
    let overflow = AttributionError::WeightsOverflow { mode: BenefitMode::Wages };
    let cases = [
        (inputs_of([0, 10_000, 0, 0], 100, twice), same),
        (inputs_of([0, 0, 0, 0], 0, vec![wages(1, 4), wages(2, -1)]), negative),
        (inputs_of([5_000, 5_000, 0, 1], 100, vec![wages(1, 4)]), above),
        (inputs_of([0, 1, 0, 0], 100, (0..3).map(|n| wages(n, i64::MAX)).collect()), overflow),
    ];
    for (inputs, refusal) in cases {
        assert_eq!(attribute(&inputs), Err(refusal));
        let again = shares::recompute(&inputs.canonical());
        assert!(matches!(again, Err(ShareFault::Inputs(_))), "{refusal}: {again:?}");
        assert!(!refusal.zh().is_empty());
    }
    let both_modes = vec![wages(1, 4), member(BenefitMode::LandRent, 1, 4)];
    assert!(attribute(&inputs_of([0, 5_000, 0, 5_000], 100, both_modes)).is_ok());
}

/// The recorded text of the present rule: a changed text is another format, and needs another rule.
const RECORDED: &str = concat!(
    r#"{"rule":"shares/3","supplier_order_id":"00000000-0000-0000-0000-000000100000","basis":"accrued","#,
    r#""plan":{"id":"019372a0-6c00-7000-8000-0000000000ff","pools":["#,
    r#"{"mode":"produce_purchase","bp":1,"settle":"per_order"},{"mode":"wages","bp":2,"settle":"per_order"},"#,
    r#"{"mode":"dividend","bp":3,"settle":"per_order"},{"mode":"land_rent","bp":4,"settle":"per_order"},"#,
    r#"{"mode":"custodial_farming","bp":0,"settle":"per_order"}],"floor_bp":0,"cap_bp":10000,"#,
    r#""eligible":"all","confirmed_only":false},"held_in":[],"attributable_fen":100,"roster":["#,
    r#"{"mode":"wages","agreement_id":"3c6ef372-fe94-f82a-0000-000000000002","#,
    r#""household_id":"00000000-0000-0000-0000-000000000002","household_status":"registered","#,
    r#""confirmed":true,"weight":0,"costs_fen":0,"cost_cap_bp":0},"#,
    r#"{"mode":"wages","agreement_id":"9e3779b9-7f4a-7c15-0000-000000000001","#,
    r#""household_id":"00000000-0000-0000-0000-000000000001","household_status":"registered","#,
    r#""confirmed":true,"weight":4,"costs_fen":0,"cost_cap_bp":0}]}"#,
);

#[test]
fn only_canonical_text_is_read() {
    let inputs = inputs_of([1, 2, 3, 4], 100, vec![member(BenefitMode::Wages, 1, 4), member(BenefitMode::Wages, 2, 0)]);
    let text = inputs.canonical();
    assert_eq!(text, RECORDED);
    let changed = |from: &str, to: &str| {
        assert!(text.contains(from));
        Inputs::from_canonical(&text.replacen(from, to, 1))
    };
    assert!(matches!(changed(",", ", "), Err(InputsError::NotCanonical)));
    assert!(matches!(changed("shares/3", "shares/0"), Err(InputsError::UnknownRule(_))));
    assert!(matches!(changed("\"weight\":4", "\"weight\":4.0"), Err(InputsError::Unreadable(_))));
    assert!(matches!(changed("\"weight\":4", "\"weight\":4,\"note\":1"), Err(InputsError::Unreadable(_))));
    assert!(matches!(changed("\"confirmed\":true", "\"confirmed\":1"), Err(InputsError::Unreadable(_))));
    assert!(matches!(changed("_fen\":100", "_fen\":-100"), Err(InputsError::Unreadable(_))));
    assert!(matches!(changed("\"wages\"", "\"gift\""), Err(InputsError::Unreadable(_))));
    let reversed = {
        let (head, roster) = text.rsplit_once("[{").unwrap();
        let (one, two) = roster.strip_suffix("}]}").unwrap().split_once("},{").unwrap();
        format!("{head}[{{{two}}},{{{one}}}]}}")
    };
    assert!(matches!(Inputs::from_canonical(&reversed), Err(InputsError::NotCanonical)));
    assert_eq!(hash(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

#[test]
fn every_kind_of_tampering_is_named() {
    let roster = vec![
        member(BenefitMode::Wages, 1, 4),
        member(BenefitMode::Wages, 2, 3),
        member(BenefitMode::ProducePurchase, 3, 5),
    ];
    let inputs = inputs_of([5_000, 3_000, 0, 0], 1_001, roster);
    let (outcome, text) = (attribute(&inputs).unwrap(), inputs.canonical());
    let (lines, digest, retained) = (recorded(&outcome), hash(&text), outcome.retained_fen.get());
    let check = |lines: &[shares::Share]| shares::check(&text, &digest, lines, retained).unwrap_err();
    let changed = |change: fn(&mut shares::Share)| {
        let mut lines = lines.clone();
        change(&mut lines[1]);
        check(&lines)
    };
    let field_of = |fault| match fault {
        ShareFault::Differs { line: 2, field, .. } => field,
        other => panic!("{other}"),
    };
    assert_eq!(field_of(changed(|share| share.household_id.replace_range(35.., "6"))), "household_id");
    assert_eq!(field_of(changed(|share| share.household_status = "ordinary".to_owned())), "household_status");
    assert_eq!(field_of(changed(|share| share.weight += 1)), "weight");
    assert_eq!(field_of(changed(|share| share.amount_fen -= 1)), "amount_fen");
    assert_eq!(field_of(changed(|share| share.mode = "dividend".to_owned())), "mode");
    assert!(matches!(check(&lines[..2]), ShareFault::Missing { line: 3, .. }));
    assert!(matches!(check(&[lines.clone(), lines[..1].to_vec()].concat()), ShareFault::Surplus { line: 4, .. }));
    let swapped = [lines[1].clone(), lines[0].clone(), lines[2].clone()];
    assert!(matches!(check(&swapped), ShareFault::Differs { line: 1, .. }));
    let fault = shares::check(&text, &digest, &lines, retained + 1).unwrap_err();
    assert_eq!(fault, ShareFault::Retained { recorded: retained + 1, computed: retained });
    let fault = shares::check(&text.replace("\"weight\":5", "\"weight\":6"), &digest, &lines, retained).unwrap_err();
    assert!(matches!(fault, ShareFault::InputsHash { .. }));
    assert!(fault.zh().contains("散列值"));
}

#[test]
fn a_delivery_that_cannot_be_weighed_is_refused() {
    assert_eq!(weigh([0, 0, 0, 480, 1, 1]), Err(ProduceWeightError::EmptyLot));
    assert_eq!(weigh([1, 1, 1, 480, 0, 0]), Err(ProduceWeightError::NothingShipped));
    assert!(matches!(weigh([6, 5, 1, 480, 1, 1]), Err(ProduceWeightError::MoreThanTheLot { .. })));
    assert!(matches!(weigh([1, 5, 6, 480, 1, 1]), Err(ProduceWeightError::MoreThanTheLot { .. })));
    assert!(matches!(weigh([1, 5, 5, 480, 2, 1]), Err(ProduceWeightError::MoreThanShipped { .. })));
    let tonnes = Grams::MAX.get();
    assert_eq!(weigh([tonnes, tonnes, tonnes, 10_000_000, 1, 1]), Err(ProduceWeightError::Overflow));
    assert_eq!(weigh([tonnes, tonnes, tonnes, 9_000_000, 1, 1]), Ok(9_000_000_000_000_000_000));
}
