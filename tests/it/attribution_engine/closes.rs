//! Properties of the close of a period.

use entity::value::{BenefitMode, Fen, HouseholdStatusKind, OrganisationId, PeriodId, PeriodPoolId};
use liannong::attribution::period::spread::{Closing, SpreadError, close};
use liannong::attribution::period::{Due, PeriodInputs, Waiting};
use liannong::verify::closes;
use proptest::prelude::*;
use proptest::sample::select;

use super::{agreement, cases, fen, order};

const WAITING: [BenefitMode; 4] =
    [BenefitMode::Wages, BenefitMode::Dividend, BenefitMode::LandRent, BenefitMode::CustodialFarming];

pub(super) fn period(number: u64) -> (PeriodId, OrganisationId) {
    (PeriodId::from_uuid(order(number ^ 3).uuid()), OrganisationId::from_uuid(order(number ^ 5).uuid()))
}

fn month() -> (chrono::NaiveDate, chrono::NaiveDate) {
    ("2026-03-01".parse().unwrap(), "2026-03-31".parse().unwrap())
}

pub(super) fn waiting(mode: BenefitMode, number: u64, amount: i64) -> Waiting {
    let pool_id = PeriodPoolId::from_uuid(order(1_000 + mode as u64).uuid());
    Waiting { mode, pool_id, supplier_order_id: order(number), amount_fen: fen(amount) }
}

pub(super) fn due(mode: BenefitMode, number: u64, amount: i64) -> Due {
    let household_id = format!("{:032x}", number % 5).parse().unwrap();
    let (agreement_id, household_status) = (agreement(number), HouseholdStatusKind::Registered);
    Due { mode, agreement_id, household_id, household_status, due_fen: fen(amount) }
}

pub(super) fn inputs(number: u64, waiting: Vec<Waiting>, due: Vec<Due>) -> PeriodInputs {
    PeriodInputs::new(period(number), month(), waiting, due)
}

fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![Just(0_i64), 1_i64..=9, 1_i64..=100_000, 1_i64..=1_000_000_000_000]
}

fn any_inputs() -> impl Strategy<Value = PeriodInputs> {
    let orders = prop::collection::vec((select(&WAITING[..]), amount()), 0..12);
    let dues = prop::collection::vec((select(&WAITING[..]), amount()), 0..16);
    (any::<u64>(), orders, dues).prop_map(|(number, orders, dues)| {
        let orders = orders.into_iter().zip(0_u64..).map(|((mode, amount), n)| waiting(mode, n, amount)).collect();
        let dues = dues.into_iter().zip(0_u64..).map(|((mode, amount), n)| due(mode, n, amount)).collect();
        inputs(number, orders, dues)
    })
}

/// What an agreement gets of all orders.
fn over_orders(closing: &Closing, place: usize) -> i64 {
    let parts = closing.orders.iter().flat_map(|order| &order.parts).filter(|(of, _)| *of == place);
    parts.map(|(_, part)| part.get()).sum()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_order_and_every_household_come_out_to_the_fen(inputs in any_inputs()) {
        let closing = close(&inputs).unwrap();
        for order in &closing.orders {
            let shared: i64 = order.parts.iter().map(|(_, part)| part.get()).sum();
            prop_assert_eq!(shared + order.retained_fen.get(), order.waiting.amount_fen.get());
            prop_assert!(order.parts.iter().all(|(_, part)| !part.is_zero()));
        }
        for (place, share) in closing.shares.iter().enumerate() {
            prop_assert_eq!(over_orders(&closing, place), share.amount_fen.get());
            prop_assert!(share.amount_fen <= share.due.due_fen);
        }
        prop_assert_eq!(closing.shared_fen.get() + closing.retained_fen.get(), closing.pool_fen.get());
        prop_assert_eq!(closing.orders.len(), inputs.waiting.len());
    }

    #[test]
    fn all_is_paid_where_it_suffices_and_in_proportion_where_not(inputs in any_inputs()) {
        let closing = close(&inputs).unwrap();
        for mode in WAITING {
            let pool: i128 = inputs.waiting.iter().filter(|w| w.mode == mode).map(|w| i128::from(w.amount_fen.get())).sum();
            let due: i128 = inputs.due.iter().filter(|d| d.mode == mode).map(|d| i128::from(d.due_fen.get())).sum();
            for share in closing.shares.iter().filter(|share| share.due.mode == mode) {
                let (part, wanted) = (i128::from(share.amount_fen.get()), i128::from(share.due.due_fen.get()));
                if pool >= due {
                    prop_assert_eq!(part, wanted);
                } else {
                    prop_assert!((part * due - pool * wanted).abs() < due);
                }
            }
        }
    }

    #[test]
    fn a_pool_never_pays_for_another_mode(inputs in any_inputs()) {
        let closing = close(&inputs).unwrap();
        for order in &closing.orders {
            let same = |(place, _): &(usize, Fen)| closing.shares[*place].due.mode == order.waiting.mode;
            prop_assert!(order.parts.iter().all(same));
        }
    }

    #[test]
    fn a_second_computation_of_a_close_agrees(inputs in any_inputs()) {
        let closing = close(&inputs).unwrap();
        let text = inputs.canonical().unwrap();
        prop_assert_eq!(&PeriodInputs::from_canonical(&text).unwrap(), &inputs);
        let (amounts, retained) = closes::repeat(&text).unwrap();
        let mine: Vec<i64> = closing.shares.iter().map(|share| share.amount_fen.get()).collect();
        prop_assert_eq!(amounts, mine);
        prop_assert_eq!(retained, closing.retained_fen.get());
    }
}

#[test]
fn an_order_or_an_agreement_twice_is_refused() {
    let wages = BenefitMode::Wages;
    let twice = inputs(1, vec![waiting(wages, 1, 5), waiting(wages, 1, 5)], Vec::new());
    assert_eq!(close(&twice), Err(SpreadError::Twice(order(1).uuid())));
    let twice = inputs(1, Vec::new(), vec![due(wages, 1, 5), due(wages, 1, 6)]);
    assert_eq!(close(&twice), Err(SpreadError::Twice(agreement(1).uuid())));
    assert!(closes::repeat(&twice.canonical().unwrap()).is_err());
    let text = inputs(1, Vec::new(), Vec::new()).canonical().unwrap();
    assert!(PeriodInputs::from_canonical(&text.replace("periods/1", "periods/0")).is_err());
    assert!(PeriodInputs::from_canonical(&text.replace(',', ", ")).is_err());
}
