//! An order whose lines are under several plans: its parts by themselves, put together, and computed a second time.

use super::{any_inputs, cases, fen, recorded};
use entity::value::{AgreementId, Fen, PlanId};
use liannong::attribution::engine::{Outcome, attribute, attribute_order, divide_among_plans};
use liannong::attribution::inputs::{Inputs, OrderInputs, hash};
use liannong::verify::shares;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Two to four parts of one order, each under its own plan.
fn orders() -> impl Strategy<Value = OrderInputs> {
    prop::collection::vec(any_inputs(), 2..5).prop_map(|parts| {
        let (order, basis) = (parts[0].supplier_order_id, parts[0].basis);
        let mut parts = parts.into_iter().map(|part| {
            let mut part = Inputs { supplier_order_id: order, basis, ..part };
            // Sums of parts are sums of money.
            part.attributable_fen = fen(part.attributable_fen.get() / 4);
            part.plan.id = PlanId::generate();
            part
        });
        let first = parts.next().unwrap();
        OrderInputs::new(first, parts.collect())
    })
}

fn by_agreement(outcomes: &[Outcome]) -> BTreeMap<AgreementId, i64> {
    let mut sums = BTreeMap::new();
    for share in outcomes.iter().flat_map(|outcome| &outcome.shares) {
        *sums.entry(share.agreement_id).or_default() += share.amount_fen.get();
    }
    sums
}

proptest! {
    #![proptest_config(cases())]

    /// Each part is shared as if it were an order of its own, and all of them together are the whole.
    #[test]
    fn parts_are_shared_each_by_its_plan_and_are_the_whole(inputs in orders()) {
        let whole = attribute_order(&inputs).unwrap();
        let parts: Vec<Outcome> = inputs.parts().map(|part| attribute(part).unwrap()).collect();
        prop_assert_eq!(by_agreement(std::slice::from_ref(&whole)), by_agreement(&parts));
        let sum = |amounts: &mut dyn Iterator<Item = Fen>| amounts.map(Fen::get).sum::<i64>();
        let shared = sum(&mut whole.shares.iter().map(|share| share.amount_fen));
        let held = sum(&mut whole.held.iter().map(|held| held.amount_fen));
        prop_assert_eq!(shared + held + whole.retained_fen.get(), inputs.attributable_fen().unwrap().get());
        prop_assert!(whole.shares.iter().all(|share| share.weight > 0 && !share.amount_fen.is_zero()));
    }

    /// The recorded text gives the inputs back, and the second computation the same shares.
    #[test]
    fn the_text_of_several_parts_gives_the_shares_again(inputs in orders()) {
        let text = inputs.canonical();
        prop_assert_eq!(&OrderInputs::from_canonical(&text).unwrap().canonical(), &text);
        let outcome = attribute_order(&inputs).unwrap();
        let checked = shares::check(&text, &hash(&text), &recorded(&outcome), outcome.retained_fen.get());
        prop_assert!(checked.is_ok(), "{:?}", checked);
        let again = shares::recompute(&text).unwrap();
        let plans: Vec<_> = inputs.parts().map(|part| (part.plan.id.to_string(), part.attributable_fen.get())).collect();
        prop_assert_eq!(again.parts, plans);
    }
}

proptest! {
    #![proptest_config(cases())]

    /// What falls to the plans is the whole, each within a fen of its exact part, whoever is named first; and all of it
    /// paid, just what the lines are worth.
    #[test]
    fn an_amount_falls_to_plans_by_their_goods(
        number in any::<u64>(), goods in prop::collection::vec(0_i64..100_000_000, 1..8), paid in 0_i64..=1_000,
    ) {
        let goods: Vec<(PlanId, Fen)> = goods.iter().map(|amount| (PlanId::generate(), fen(*amount))).collect();
        let whole: i64 = goods.iter().map(|(_, amount)| amount.get()).sum();
        let total = i64::try_from(i128::from(whole) * i128::from(paid) / 1_000).unwrap();
        let parts = divide_among_plans(fen(total), super::order(number), &goods).unwrap();
        prop_assert_eq!(parts.iter().map(|part| part.get()).sum::<i64>(), total);
        for ((_, goods), part) in goods.iter().zip(&parts) {
            let (goods, part) = (i128::from(goods.get()), i128::from(part.get()));
            prop_assert!((part * i128::from(whole) - goods * i128::from(total)).abs() < i128::from(whole.max(1)));
        }
        if total == whole {
            prop_assert!(goods.iter().zip(&parts).all(|((_, goods), part)| goods == part));
        }
        if whole > 0 {
            let mut turned = goods.clone();
            turned.reverse();
            let mut again = divide_among_plans(fen(total), super::order(number), &turned).unwrap();
            again.reverse();
            prop_assert_eq!(again, parts);
        }
    }
}

/// The case worked by hand in `golden/two_plans.md`: an order under two plans, paid in part and in full.
#[test]
fn the_order_under_two_plans_worked_by_hand_comes_out() {
    let text = include_str!("../golden/two_plans.md");
    let rows = text.lines().filter(|line| line.starts_with("| ") && line.contains('.'));
    let mut seen = 0;
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let yuan = |cell: &str| fen(cell.replace('.', "").parse().unwrap());
        let ids = ["a1", "a2"].map(|id| super::worked::worked_id(id).parse::<PlanId>().unwrap());
        let goods = [(ids[0], yuan(cells[1])), (ids[1], yuan(cells[2]))];
        let order = super::worked::worked_id("51").parse().unwrap();
        let parts = divide_among_plans(yuan(cells[0]), order, &goods).unwrap();
        assert_eq!(parts, [yuan(cells[3]), yuan(cells[4])], "{row}");
        seen += 1;
    }
    assert_eq!(seen, 4);
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    use entity::value::{BenefitMode, ShareBasis};
    let of = |order: u64, basis| Inputs {
        basis,
        ..Inputs {
            supplier_order_id: super::order(order),
            ..super::inputs_of([5000, 0, 0, 0], 1000, vec![super::member(BenefitMode::ProducePurchase, 1, 1)])
        }
    };
    let other = |mut inputs: Inputs| {
        inputs.plan.id = PlanId::generate();
        inputs
    };
    let good = OrderInputs::new(of(1, ShareBasis::Promised), vec![other(of(1, ShareBasis::Promised))]).canonical();
    assert!(shares::recompute(&good).is_ok());
    for bad in [
        OrderInputs::new(of(1, ShareBasis::Promised), vec![of(1, ShareBasis::Promised)]).canonical(),
        OrderInputs::new(of(1, ShareBasis::Promised), vec![other(of(2, ShareBasis::Promised))]).canonical(),
        OrderInputs::new(of(1, ShareBasis::Promised), vec![other(of(1, ShareBasis::Accrued))]).canonical(),
        good.replacen("shares/3", "shares/2", 1),
        good.replacen("shares/4", "shares/5", 1),
    ] {
        assert!(shares::recompute(&bad).is_err(), "{bad}");
    }
    assert!(OrderInputs::from_canonical(&good.replacen("\"parts\":[", "\"parts\": [", 1)).is_err());
}
