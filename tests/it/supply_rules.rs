//! The pure rules of supply: schemes, licences, what is the same product, what carrying costs.

use crate::harness::date;
use entity::product_certificate::Model as Certificate;
use entity::value::{CertificateId, CertificateScheme, Fen, FoodLicenceNumber, Grams, ProductId};
use liannong::catalogue::freight::rate::{Rate, rate_for};
use liannong::catalogue::product::alike::{are_alike, core_name};
use liannong::catalogue::scheme::{SCHEMES, counts_on, is_valid_on, keeps_off_shelf, warning_due};
use proptest::prelude::*;

fn certificate(scheme: CertificateScheme) -> Certificate {
    Certificate {
        id: CertificateId::generate(),
        product_id: ProductId::generate(),
        scheme,
        issuer: "认证中心".to_owned(),
        number: "1".to_owned(),
        valid_from: date("2021-01-01"),
        valid_to: Some(date("2026-12-31")),
        file_id: None,
        revoked_on: None,
        revoked_because: None,
        withdrawn_on: None,
        warned_days: None,
    }
}

#[test]
fn what_counts_is_decided_for_the_day_of_the_order() {
    let green = certificate(CertificateScheme::GreenFood);
    assert!(!counts_on(&green, date("2020-12-31")));
    assert!(counts_on(&green, date("2021-01-01")) && counts_on(&green, date("2026-12-31")));
    assert!(!counts_on(&green, date("2027-01-01")));
    let revoked = Certificate { revoked_on: Some(date("2024-06-01")), ..green.clone() };
    assert!(counts_on(&revoked, date("2024-05-31")) && !counts_on(&revoked, date("2024-06-01")));
    let withdrawn = Certificate { withdrawn_on: Some(date("2024-06-01")), ..green };
    assert!(counts_on(&withdrawn, date("2024-05-31")) && !counts_on(&withdrawn, date("2024-06-01")));
    assert!(!keeps_off_shelf(&withdrawn, date("2030-01-01")), "what is not shown holds nothing back");
    let relief = certificate(CertificateScheme::ReliefProduct);
    assert!(counts_on(&relief, date("2021-11-30")) && !counts_on(&relief, date("2021-12-01")));
    assert!(is_valid_on(&relief, date("2021-12-01")), "the paper holds, the scheme has ended");
    assert!(!counts_on(&certificate(CertificateScheme::TestReport), date("2024-01-01")));
    for scheme in CertificateScheme::ALL {
        assert_eq!(SCHEMES.iter().filter(|terms| terms.scheme == *scheme).count(), 1, "{scheme}");
    }
}

#[test]
fn a_warning_is_given_once_at_each_step() {
    let last = date("2026-06-30");
    assert_eq!(warning_due(date("2026-03-31"), last, None), None);
    assert_eq!(warning_due(date("2026-04-01"), last, None), Some(90));
    assert_eq!(warning_due(date("2026-04-02"), last, Some(90)), None);
    assert_eq!(warning_due(date("2026-05-31"), last, Some(90)), Some(30));
    assert_eq!(warning_due(date("2026-06-23"), last, Some(30)), Some(7));
    assert_eq!(warning_due(date("2026-06-30"), last, Some(7)), None);
    assert_eq!(warning_due(date("2026-06-29"), last, None), Some(7), "only the nearest that was reached");
    assert_eq!(warning_due(date("2026-07-01"), last, None), None);
}

#[test]
fn the_same_product_is_recognised_in_other_clothes() {
    assert_eq!(core_name("石阡苔茶 一级 250克"), core_name("石阡苔茶（一级）２５０Ｇ／盒"));
    assert_eq!(core_name("赣南脐橙 5kg装"), core_name("赣南脐橙10斤"));
    assert_eq!(core_name("赣南脐橙 10斤箱装"), "赣南脐橙");
    assert_eq!(core_name("500克包子"), "包子", "a packing is a word of its own, or it is none");
    assert_ne!(core_name("产品0001"), core_name("产品0002"), "a number that is no weight is a name");
    assert!(are_alike("石阡苔茶一级春茶礼盒", "石阡苔茶一级春茶新礼盒"));
    assert!(!are_alike("石阡苔茶", "都匀毛尖"));
    assert!(are_alike("苔茶 250克", "苔茶500克"));
}

#[test]
fn a_licence_number_has_its_check_digit() {
    assert!(FoodLicenceNumber::parse("SC10652062300016").is_ok());
    assert_eq!(FoodLicenceNumber::parse("SC10652062300016").unwrap().county_digits(), "520623");
    for wrong in
        ["SC10652062300015", "sc10652062300016", "SC30652062300016", "SC1065206230001", "SC106520623000166", ""]
    {
        assert!(FoodLicenceNumber::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn one_buyer_gets_no_more_than_the_limit_of_a_month() {
    use entity::value::Packs;
    use liannong::catalogue::{CatalogueError, Want, within_limits};
    let packs = |packs| Packs::new(packs).unwrap();
    let (limited, free) = (ProductId::generate(), ProductId::generate());
    let limits = [(limited, packs(10))].into();
    let ask = |lines: &[(ProductId, Packs)], ordered: i64| match within_limits(
        lines,
        &limits,
        &[(limited, packs(ordered))].into(),
    ) {
        Ok(()) => Vec::new(),
        Err(CatalogueError::Short(short)) => short.into_iter().map(|short| (short.line, short.want)).collect(),
        Err(other) => panic!("{other}"),
    };
    assert_eq!(ask(&[(limited, packs(4)), (free, packs(1000))], 6), []);
    let over = Want::OverLimit { limit: packs(10), ordered: packs(6) };
    assert_eq!(ask(&[(free, packs(1)), (limited, packs(3)), (limited, packs(2))], 6), [(1, over), (2, over)]);
}

fn rate(first: i64, first_fen: i64, next: i64, next_fen: i64) -> Rate {
    Rate {
        provinces: Vec::new(),
        first_grams: Grams::new(first).unwrap(),
        first_fen: Fen::new(first_fen).unwrap(),
        next_grams: Grams::new(next).unwrap(),
        next_fen: Fen::new(next_fen).unwrap(),
        free_from_fen: None,
    }
}

#[test]
fn a_named_province_goes_before_everywhere_else() {
    let mut named = rate(1, 2, 3, 4);
    named.provinces = vec!["11".to_owned()];
    let rates = [rate(1, 9, 3, 4), named.clone()];
    assert_eq!(rate_for(&rates, &"110105".parse().unwrap()), Some(&named));
    assert_eq!(rate_for(&rates, &"520623".parse().unwrap()), Some(&rates[0]));
    assert_eq!(rate_for(&[named], &"520623".parse().unwrap()), None);
}

proptest! {
    /// One wrong digit, and two neighbours exchanged, are found by the check digit.
    #[test]
    fn a_slip_in_a_licence_number_is_found(body in "[12][0-9]{12}", at in 0usize..13, by in 1u32..10) {
        let last = FoodLicenceNumber::check_digit(&body).unwrap();
        let whole = format!("SC{body}{last}");
        prop_assert!(FoodLicenceNumber::parse(&whole).is_ok());
        let mut digits: Vec<char> = body.chars().collect();
        digits[at] = char::from_digit((digits[at].to_digit(10).unwrap() + by) % 10, 10).unwrap();
        let slipped: String = digits.into_iter().collect();
        let parsed = FoodLicenceNumber::parse(&format!("SC{slipped}{last}"));
        prop_assert!(parsed.is_err());
    }

    /// More weight never costs less; each step that was begun counts; the first step is one price.
    #[test]
    fn carrying_costs_by_begun_steps(
        first in 0i64..50_000, first_fen in 0i64..100_000, next in 1i64..10_000, next_fen in 0i64..100_000,
        weight in 0i64..5_000_000, more in 0i64..100_000,
    ) {
        let rate = rate(first, first_fen, next, next_fen);
        let charge = |grams| rate.charge(Grams::new(grams).unwrap(), Fen::ZERO).unwrap().get();
        prop_assert!(charge(weight) <= charge(weight + more));
        prop_assert_eq!(charge(first.min(weight)), first_fen);
        let steps = (charge(weight) - first_fen).checked_div(next_fen).unwrap_or_default();
        if next_fen > 0 && weight > first {
            prop_assert!((steps - 1) * next < weight - first && weight - first <= steps * next);
        }
        let free = Rate { free_from_fen: Some(Fen::new(500).unwrap()), ..rate.clone() };
        prop_assert!(free.charge(Grams::new(weight).unwrap(), Fen::new(500).unwrap()).unwrap().is_zero());
        prop_assert_eq!(free.charge(Grams::new(weight).unwrap(), Fen::new(499).unwrap()).unwrap().get(), charge(weight));
    }
}
