//! When a rule gives a clue: pure.

use super::*;

#[test]
fn a_rule_has_the_numbers_of_its_kind_and_no_others() {
    let numbers = Numbers { quiet_days: 90, ..Numbers::default() };
    let is_fit = |kind, numbers| monitoring::faults(kind, numbers).is_empty();
    assert!(is_fit(ClueKind::Arrears, Numbers { days: Some(30), ..numbers }));
    assert!(!is_fit(ClueKind::Arrears, Numbers { days: Some(0), ..numbers }));
    assert!(!is_fit(ClueKind::Arrears, Numbers { days: Some(30), percent: Some(1), ..numbers }));
    assert!(is_fit(ClueKind::SpendingShock, Numbers { amount_fen: Some(Fen::new(1).unwrap()), ..numbers }));
    assert!(is_fit(ClueKind::SpendingShock, Numbers { percent: Some(50), ..numbers }));
    assert!(!is_fit(ClueKind::SpendingShock, numbers));
    assert!(!is_fit(ClueKind::IncomeFall, Numbers { percent: Some(100), ..numbers }));
    assert!(!is_fit(ClueKind::IncomeFall, Numbers { percent: Some(10), quiet_days: 0, ..numbers }));
    assert!(!is_fit(ClueKind::FlaggedComparison, numbers));
}

/// A rule that is on, with these numbers.
fn on(kind: ClueKind, days: Option<i32>, percent: Option<i32>) -> monitoring_rule::Model {
    monitoring_rule::Model {
        id: MonitoringRuleId::generate(),
        county_code: "522625".parse().unwrap(),
        kind,
        edition: 1,
        replaces_id: None,
        percent,
        amount_fen: None,
        days,
        months: None,
        quiet_days: 90,
        reason: String::new(),
        state: MonitoringRuleState::On,
        drafted_by: PersonId::generate(),
        created_at: start_of_tests(),
        switched_on_by: None,
        switched_on_at: None,
        switched_off_by: None,
        switched_off_at: None,
        version: 1,
    }
}

/// A household of two out of poverty, on the first day of the tests.
fn at<'a>(facts: &'a Facts, events: &'a Events) -> At<'a> {
    At {
        day: date("2026-03-02"),
        months: 12,
        facts,
        people: 2,
        people_before: 2,
        threshold: None,
        status: Some(HouseholdStatusKind::Registered),
        monitored_since: None,
        events,
        last: None,
    }
}

#[test]
fn a_dispute_is_news_for_so_many_days_and_after_the_last_clue() {
    let upheld = Upheld { dispute: DisputeId::generate(), number: "YY1".to_owned(), at: start_of_tests() };
    let events = Events { upheld: vec![upheld], ..Events::default() };
    let (facts, rule) = (Facts::default(), on(ClueKind::DisputeUpheld, Some(10), None));
    let look = |at: At<'_>| gives(&rule, &at).unwrap();
    assert_eq!(look(at(&facts, &events)).unwrap()["disputes"][0]["number"], "YY1");
    assert!(look(At { day: date("2026-03-12"), ..at(&facts, &events) }).is_some());
    assert!(look(At { day: date("2026-03-13"), ..at(&facts, &events) }).is_none(), "it is old");
    assert!(look(At { day: date("2026-03-01"), ..at(&facts, &events) }).is_none(), "it had not happened");
    assert!(look(At { last: Some(start_of_tests()), ..at(&facts, &events) }).is_none(), "it was told");
    assert!(look(At { people: 0, ..at(&facts, &events) }).is_none(), "nobody is there");
    assert!(look(At { status: None, ..at(&facts, &events) }).is_none(), "it was not registered");
}

proptest! {
    /// What is paid is not owed; what is not is named to the fen, and only when it is late.
    #[test]
    fn arrears_are_what_was_owed_less_what_was_paid(
        orders in prop::collection::vec((1..9_000_i64, 0..9_000_i64, 0..200_i64), 1..8), days in 1..120_i32,
    ) {
        let (supplier, today) = (OrganisationId::generate(), date("2026-03-02"));
        let mut events = Events::default();
        let mut late = 0;
        for (owed, paid, age) in orders {
            let (order, on) = (Some(SupplierOrderId::generate()), today - Duration::days(age));
            let paid = paid.min(owed);
            events.moved.push(Moved { supplier, order, on, fen: owed });
            events.moved.push(Moved { supplier, order, on: today, fen: -paid });
            if age > i64::from(days) {
                late += owed - paid;
            }
        }
        let (facts, rule) = (Facts::default(), on(ClueKind::Arrears, Some(days), None));
        let found = gives(&rule, &at(&facts, &events)).unwrap();
        let named: i64 = found.iter().flat_map(|figures| figures["owed"].as_array().unwrap())
            .map(|one| one["open_fen"].as_i64().unwrap()).sum();
        prop_assert_eq!(named, late);
        prop_assert_eq!(found.is_some(), late > 0);
    }

    /// An income gives a clue exactly when it fell by more than so many hundredths.
    #[test]
    fn a_fall_is_by_more_than_so_many_hundredths(before in 2..2_000_000_i64, now in 0..2_000_000_i64, percent in 1..100_i32) {
        let row = |year: &str, fen: i64| Surveyed {
            item: IncomeItem::Transfer,
            days: Window { from_on: date(&format!("{year}-05-01")), to_on: date(&format!("{year}-05-31")) },
            amount: Fen::new(fen).unwrap(), grade: EvidenceGrade::Document, known_on: date("2025-06-01"), replaced_on: None,
        };
        // Twice as much for two: the amounts per head.
        let facts = Facts { rows: vec![row("2024", 2 * before), row("2025", 2 * now.max(1))], ..Facts::default() };
        let (events, rule) = (Events::default(), on(ClueKind::IncomeFall, None, Some(percent)));
        let fell = now.max(1) * 100 < before * i64::from(100 - percent);
        prop_assert_eq!(gives(&rule, &at(&facts, &events)).unwrap().is_some(), fell);
    }
}
