//! The pure rule of instalments: whatever came on the way, the end is that of the whole at once.

use super::{cases, fen};
use entity::value::{
    AgreementId, BasisPoints, BenefitMode, Fen, HouseholdId, HouseholdStatusKind, PlanId, ShareBasis, SupplierOrderId,
};
use liannong::attribution::cumulative::{Booking, Held, book, totals};
use liannong::attribution::engine::{Share, attribute};
use liannong::attribution::inputs::{Inputs, Member, PlanTerms, Rule};
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

fn agreement(number: u128) -> AgreementId {
    AgreementId::from_uuid(Uuid::from_u128(number))
}

fn shares_of(amount: i64, order: u128, weights: &[(usize, i64)], plan: [i64; 4]) -> (Vec<Share>, i64) {
    let modes = [BenefitMode::ProducePurchase, BenefitMode::Wages, BenefitMode::Dividend, BenefitMode::LandRent];
    let roster = (1_u128..).zip(weights).map(|(number, (mode, weight))| Member {
        mode: modes[*mode],
        agreement_id: agreement(number),
        household_id: HouseholdId::from_uuid(Uuid::from_u128(number)),
        household_status: HouseholdStatusKind::Registered,
        confirmed: true,
        weight: *weight,
        costs_fen: Fen::ZERO,
        cost_cap_bp: BasisPoints::ZERO,
    });
    let [produce, wages, dividend, rent] = plan.map(|points| BasisPoints::new(points).unwrap());
    let parts = [produce, wages, dividend, rent, BasisPoints::ZERO];
    let inputs = Inputs {
        rule: Rule::PRESENT,
        supplier_order_id: SupplierOrderId::from_uuid(Uuid::from_u128(order)),
        basis: ShareBasis::Accrued,
        plan: PlanTerms::plain(PlanId::from_uuid(Uuid::nil()), parts),
        held_in: Vec::new(),
        attributable_fen: fen(amount),
        roster: roster.collect(),
    };
    let outcome = attribute(&inputs).unwrap();
    (outcome.shares, outcome.retained_fen.get())
}

fn worlds() -> impl Strategy<Value = (u128, Vec<(usize, i64)>, [i64; 4])> {
    let weights = prop::collection::vec((0_usize..4, 0_i64..1_000), 1..20);
    (any::<u128>(), weights, prop::array::uniform4(0_i64..2_500))
}

/// Books one computation after another; what each agreement holds in the end.
fn booked(path: &[Vec<Share>]) -> BTreeMap<AgreementId, i64> {
    let mut held = BTreeMap::new();
    let mut before: &[Share] = &[];
    for now in path {
        apply(&mut held, &book(before, now, &BTreeMap::new()).unwrap());
        assert!(held.values().all(|amount| *amount >= 0), "{held:?}");
        before = now;
    }
    held.retain(|_, amount| *amount != 0);
    held
}

fn apply(held: &mut BTreeMap<AgreementId, i64>, booking: &Booking) {
    for line in &booking.lines {
        assert!(line.up.is_zero() != line.down.is_zero(), "a line moves one way");
        *held.entry(line.agreement_id).or_default() += line.up.get() - line.down.get();
    }
}

fn plain(shares: &[Share]) -> BTreeMap<AgreementId, i64> {
    totals(shares).unwrap().into_iter().map(|(id, (_, amount))| (id, amount.get())).collect()
}

proptest! {
    #![proptest_config(cases())]

    /// Whatever the amounts on the way, up and down, the end is that of the whole at once; and on the way every
    /// household holds exactly the share of the whole so far, within a fen of its exact part of its pool.
    #[test]
    fn instalments_are_one_shot((order, weights, plan) in worlds(), amounts in prop::collection::vec(0_i64..5_000_000, 1..12)) {
        let path: Vec<_> = amounts.iter().map(|amount| shares_of(*amount, order, &weights, plan).0).collect();
        prop_assert_eq!(booked(&path), plain(path.last().unwrap()));
    }

    /// Also when the weights change with the goods.
    #[test]
    fn changing_goods_end_with_the_shares_of_the_last(order in any::<u128>(), path in prop::collection::vec((worlds(), 0_i64..1_000_000), 1..8)) {
        let path: Vec<_> = path.iter().map(|((_, weights, plan), amount)| shares_of(*amount, order, weights, *plan).0).collect();
        prop_assert_eq!(booked(&path), plain(path.last().unwrap()));
    }

    /// A refund of what an instalment brought takes back just what that booked.
    #[test]
    fn reverse_after_apply_is_identity((order, weights, plan) in worlds(), first in 0_i64..1_000_000, more in 0_i64..1_000_000) {
        let (low, _) = shares_of(first, order, &weights, plan);
        let (high, _) = shares_of(first + more, order, &weights, plan);
        let up = book(&low, &high, &BTreeMap::new()).unwrap();
        let down = book(&high, &low, &BTreeMap::new()).unwrap();
        prop_assert_eq!(up.lines.len(), down.lines.len());
        for (up, down) in up.lines.iter().zip(&down.lines) {
            prop_assert_eq!((up.agreement_id, up.up, up.down), (down.agreement_id, down.down, down.up));
        }
    }

    /// With the same goods, more money lowers no share by more than a fen in its pool and a fen of its pool, and
    /// shares and what is retained are always the whole.
    #[test]
    fn more_money_lowers_no_share_but_for_the_odd_fen((order, weights, plan) in worlds(), first in 0_i64..1_000_000, more in 0_i64..1_000_000) {
        let ((low, kept), (high, keeps)) = (shares_of(first, order, &weights, plan), shares_of(first + more, order, &weights, plan));
        prop_assert_eq!(plain(&low).values().sum::<i64>() + kept, first);
        prop_assert_eq!(plain(&high).values().sum::<i64>() + keeps, first + more);
        let high = plain(&high);
        for (agreement, amount) in plain(&low) {
            prop_assert!(high.get(&agreement).copied().unwrap_or(0) >= amount - 2);
        }
    }

    /// What was handed over is never taken back; what is above the share is the supplier's, to the fen; nobody holds
    /// less than nothing or less than the share.
    #[test]
    fn what_was_handed_over_stays(
        (order, weights, plan) in worlds(), amounts in prop::collection::vec(0_i64..1_000_000, 1..8),
        handed in prop::collection::vec(0_u32..=100, 8),
    ) {
        let (mut held, mut out) = (BTreeMap::<AgreementId, i64>::new(), BTreeMap::<AgreementId, i64>::new());
        let (mut before, mut bears) = (Vec::new(), 0);
        for (amount, part) in amounts.iter().zip(handed) {
            let (now, _) = shares_of(*amount, order, &weights, plan);
            let known: BTreeMap<_, _> = held.iter().map(|(id, amount)| {
                (*id, Held { held: fen(*amount), paid_out: fen(out.get(id).copied().unwrap_or(0)) })
            }).collect();
            let booking = book(&before, &now, &known).unwrap();
            prop_assert_eq!(booking.clawback_before.get(), bears);
            bears = booking.clawback_after.get();
            apply(&mut held, &booking);
            let due = plain(&now);
            let mut beyond = 0;
            for (id, holds) in &held {
                let (due, out) = (due.get(id).copied().unwrap_or(0), out.get(id).copied().unwrap_or(0));
                prop_assert_eq!(*holds, due.max(out));
                beyond += holds - due;
            }
            prop_assert_eq!(bears, beyond);
            for (id, holds) in &held {
                let paid = out.entry(*id).or_default();
                *paid += (holds - *paid) * i64::from(part) / 100;
            }
            before = now;
        }
    }

    /// The order of the roster changes nothing that is booked.
    #[test]
    fn the_order_of_shares_changes_nothing((order, weights, plan) in worlds(), first in 0_i64..1_000_000, then in 0_i64..1_000_000) {
        let (low, _) = shares_of(first, order, &weights, plan);
        let (high, _) = shares_of(then, order, &weights, plan);
        let reversed = |shares: &[Share]| shares.iter().rev().copied().collect::<Vec<_>>();
        prop_assert_eq!(book(&low, &high, &BTreeMap::new()).unwrap(), book(&reversed(&low), &reversed(&high), &BTreeMap::new()).unwrap());
    }
}
