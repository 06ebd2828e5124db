//! What a household lives on: rows and payments, windows and heads, thresholds and verdicts.

use crate::adjustment::{Place, place};
use crate::harness::*;
use chrono::{Days, NaiveDate};
use entity::value::{BenefitMode, EvidenceGrade, Fen, HouseholdId, IncomeItem, OrganisationKind, Role};
use liannong::household::history::Merges;
use liannong::welfare::sheet::{OnSheet, Outcome, outcome};
use liannong::welfare::{Facts, Figures, Paid, Surveyed, TakenIn, Verdict, Window, class_of, fold, per_head, verdict};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A row of the last quarter of 2025.
pub(crate) fn row(item: &str, amount_fen: i64) -> Value {
    json!({
        "item": item, "from_on": "2025-10-01", "to_on": "2025-12-31", "amount_fen": amount_fen, "source": "visit",
        "grade": "document",
    })
}

pub(crate) async fn entered(t: &TestApp, by: &Person, household: &Value, row: Value) -> Value {
    t.post(&format!("/households/{}/income-entries", household.as_str().unwrap())).by(by).json(row).await.created()
}

pub(crate) async fn threshold(t: &TestApp, by: &Person, division: &str, per_head_fen: i64) -> Value {
    let wanted = json!({
        "division_code": division, "year": 2026, "per_head_fen": per_head_fen, "document": "黔乡振发〔2026〕3号",
    });
    t.post("/income-thresholds").by(by).json(wanted).await.created()
}

async fn income(t: &TestApp, place: &Place, household: &Value, query: &str) -> Value {
    let path = format!("/households/{}/income{query}", household["id"].as_str().unwrap());
    t.get(&path).by(&place.villager).await.ok()
}

both! {
    /// Rows by class, cost, spending and claims; each figure with what it is made of; a row that was wrong is replaced.
    async fn rows_make_figures_and_a_row_that_was_wrong_is_replaced(t: TestApp) {
        t.tells_the_examples();
        let place = place(t, "522625").await;
        let household = place.household(t, 1, "registered").await;
        let id = &household["id"];
        let by = &place.villager;
        let path = format!("/households/{}/income-entries", id.as_str().unwrap());
        let first = entered(t, by, id, row("wage", 1_200_000)).await;
        for (item, amount) in [("operating", 300_000), ("transfer", 50_000), ("production_cost", 80_000)] {
            entered(t, by, id, row(item, amount)).await;
        }
        let mut illness = row("illness", 900_001);
        illness["grade"] = json!("statement");
        entered(t, by, id, illness).await;
        let mut claims = row("claims", 400_000);
        claims["grade"] = json!("department_record");
        entered(t, by, id, claims).await;

        let shown = income(t, &place, &household, "").await;
        let rolling = &shown["rolling"];
        assert_eq!((&rolling["from_on"], &rolling["to_on"]), (&json!("2025-03-03"), &json!("2026-03-02")));
        assert_eq!((&rolling["gross_fen"], &rolling["net_fen"]), (&json!(1_550_000), &json!(1_470_000)));
        assert_eq!((&rolling["compliance_fen"], &rolling["reference_fen"]), (&json!(900_001), &json!(969_999)));
        assert_eq!((&rolling["net_per_head_fen"], &rolling["reference_per_head_fen"]), (&json!(735_000), &json!(484_999)));
        assert_eq!(rolling["figures"]["wage"]["document_rows"], 1);
        assert_eq!(rolling["figures"]["illness"]["statement_rows"], 1);
        assert_eq!(rolling["figures"]["claims"]["department_rows"], 1);
        assert_eq!(rolling["figures"]["wage"]["platform_fen"], 0);
        assert_eq!((&shown["verdict"], &shown["threshold"]), (&json!("no_threshold"), &Value::Null));
        assert_eq!(shown["year"]["from_on"], "2025-10-01");
        // 31 of 92 days of the quarter had passed at the end of October.
        let october = income(t, &place, &household, "?as_of=2025-10-31").await;
        assert_eq!(october["rolling"]["figures"]["wage"]["fen"], 1_200_000 * 31 / 92);

        let mut platform = row("operating", 1);
        platform["source"] = json!("platform");
        t.post(&path).by(by).json(platform).await.refused(422, "income_from_platform");
        t.post(&path).by(by).json(row("wage", 0)).await.refused(400, "invalid_fields");
        let mut future = row("wage", 1);
        future["to_on"] = json!("2026-03-03");
        assert_eq!(t.post(&path).by(by).json(future).await.refused(400, "invalid_fields")["errors"][0]["pointer"], "/to_on");

        let mut mended = row("wage", 200_000);
        mended["replaces_id"] = first["id"].clone();
        let second = entered(t, by, id, mended.clone()).await;
        t.post(&path).by(by).json(mended).await.refused(409, "income_row_replaced");
        let listed = t.get(&path).by(by).await.ok();
        let listed = listed["items"].as_array().unwrap();
        assert_eq!((listed.len(), &listed[6]["replaced_by"]), (7, &second["id"]));
        let shown = income(t, &place, &household, "").await;
        assert_eq!((&shown["rolling"]["gross_fen"], &shown["rolling"]["figures"]["wage"]["document_rows"]),
            (&json!(550_000), &json!(1)));
        let neighbour = place.household(t, 2, "registered").await;
        let mut strange = row("wage", 5);
        strange["replaces_id"] = second["id"].clone();
        let other = format!("/households/{}/income-entries", neighbour["id"].as_str().unwrap());
        t.post(&other).by(by).json(strange).await.refused(400, "invalid_fields");
        assert!(t.sql("update income_entry set amount_fen = 1").await.is_err(), "a row was rewritten");

        let elsewhere = t.organisation(OrganisationKind::VillageCommittee, "522625").await;
        let stranger = t.member(Role::VillageOfficer, elsewhere).await;
        t.get(&path).by(&stranger).await.refused(404, "not_found");
        t.post(&path).by(&stranger).json(row("wage", 5)).await.refused(404, "not_found");
        t.get(&path.replace("income-entries", "income")).by(&stranger).await.refused(404, "not_found");
        t.get(&path.replace("income-entries", "income?as_of=2026-03-03")).by(by).await.refused(400, "invalid_fields");
    }

    /// A county's threshold goes before its province's, the last one before those it replaced; none, no verdict.
    async fn a_verdict_needs_a_threshold_and_the_countys_own_goes_first(t: TestApp) {
        t.tells_the_examples();
        let place = place(t, "522625").await;
        let household = place.household(t, 1, "registered").await;
        entered(t, &place.villager, &household["id"], row("wage", 1_400_000)).await;
        let platform = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
        let operator = t.member(Role::PlatformOperator, platform).await;
        assert_eq!(income(t, &place, &household, "").await["verdict"], "no_threshold");
        threshold(t, &operator, "520000", 700_000).await;
        let shown = income(t, &place, &household, "").await;
        assert_eq!((&shown["verdict"], &shown["threshold"]["division_code"]), (&json!("within_range"), &json!("520000")));
        let officer = &place.county.officer;
        threshold(t, officer, "522625", 800_000).await;
        let first = t.get("/income-thresholds?division_code=522625&year=2026").await.ok()["items"][0].clone();
        let twice = json!({ "division_code": "522625", "year": 2026, "per_head_fen": 1, "document": "无" });
        t.post("/income-thresholds").by(officer).json(twice).await.refused(409, "income_threshold_exists");
        let path = format!("/income-thresholds/{}", first["id"].as_str().unwrap());
        let shown = t.get(&path).await;
        assert_eq!((shown.etag(), &shown.json()["is_in_force"]), ("\"1\"".to_owned(), &json!(true)));
        let corrections = format!("{path}/corrections");
        let right = json!({ "per_head_fen": 699_999, "document": "黔乡振发〔2026〕8号", "reason": "首次录入有误。" });
        let mut nothing = right.clone();
        nothing["per_head_fen"] = json!(0);
        t.post(&corrections).by(officer).version(&json!(1)).json(nothing).await.refused(400, "invalid_fields");
        t.post(&corrections).by(officer).version(&json!(2)).json(right.clone()).await.refused(412, "stale_version");
        let second = t.post(&corrections).by(officer).version(&json!(1)).json(right.clone()).await.created();
        assert_eq!((&second["number"], &second["replaces_id"]), (&json!(2), &first["id"]));
        assert_eq!((&second["reason"], &second["is_in_force"]), (&json!("首次录入有误。"), &json!(true)));
        t.post(&corrections).by(officer).version(&json!(1)).json(right.clone()).await.refused(412, "stale_version");
        let stranger = crate::household::county(t, "532324").await.officer;
        let theirs = format!("/income-thresholds/{}/corrections", second["id"].as_str().unwrap());
        t.post(&theirs).by(&stranger).version(&json!(2)).json(right).await.refused(404, "not_found");
        let shown = income(t, &place, &household, "").await;
        assert_eq!((&shown["verdict"], &shown["threshold"]["id"]), (&json!("above_range"), &second["id"]));
        // That of another year says nothing of this one.
        assert_eq!(income(t, &place, &household, "?as_of=2025-12-31").await["verdict"], "no_threshold");
        let listed = t.get("/income-thresholds?division_code=522625&year=2026").await.ok();
        let listed = listed["items"].as_array().unwrap();
        let standing: Vec<_> = listed.iter().map(|one| (one["per_head_fen"].clone(), one["is_in_force"].clone())).collect();
        assert_eq!(standing, [(json!(699_999), json!(true)), (json!(800_000), json!(false))]);
        let foreign = json!({ "division_code": "520000", "year": 2026, "per_head_fen": 1, "document": "无" });
        t.post("/income-thresholds").by(officer).json(foreign).await.refused(400, "invalid_fields");
        assert!(t.sql("delete from income_threshold").await.is_err(), "a threshold was deleted");
    }
}

fn day(offset: u64) -> NaiveDate {
    date("2025-01-01").checked_add_days(Days::new(offset)).unwrap()
}

fn window(from: u64, days: u64) -> Window {
    Window { from_on: day(from), to_on: day(from + days) }
}

fn some_facts() -> impl Strategy<Value = Facts> {
    let row = (0..9_usize, 0..700_u64, 0..366_u64, 0..5_000_000_i64, 0..3_usize).prop_map(
        |(item, from, days, fen, grade)| Surveyed {
            item: IncomeItem::ALL[item],
            days: window(from, days),
            amount: Fen::new(fen).unwrap(),
            grade: EvidenceGrade::ALL[grade],
            known_on: day(from),
            replaced_on: None,
        },
    );
    let payment = (0..5_usize, 0..1000_u64, 1..900_000_i64).prop_map(|(mode, on, fen)| Paid {
        class: class_of(BenefitMode::ALL[mode]),
        on: day(on),
        fen,
        known_on: day(on),
    });
    (prop::collection::vec(row, 0..12), prop::collection::vec(payment, 0..12)).prop_map(|(rows, payments)| Facts {
        rows,
        payments,
        ..Facts::default()
    })
}

fn amounts(figures: &Figures) -> Vec<i64> {
    IncomeItem::ALL.iter().map(|item| figures.of(*item).fen).collect()
}

proptest! {
    /// However days are cut into windows, what falls into them adds up.
    #[test]
    fn windows_side_by_side_add_up(facts in some_facts(), from in 0..900_u64, first in 0..400_u64, second in 0..400_u64) {
        let known = day(5000);
        let whole = fold(&facts, window(from, first + second + 1), known).unwrap();
        let left = fold(&facts, window(from, first), known).unwrap();
        let right = fold(&facts, window(from + first + 1, second), known).unwrap();
        let both: Vec<i64> = amounts(&left).iter().zip(amounts(&right)).map(|(one, other)| one + other).collect();
        prop_assert_eq!(amounts(&whole), both);
    }

    /// The figures add up over classes, and whatever is entered beside them moves them the right way.
    #[test]
    fn figures_add_up_and_move_the_right_way(facts in some_facts(), fen in 1..1_000_000_i64, item in 0..9_usize) {
        let (span, known) = (window(0, 2000), day(5000));
        let before = fold(&facts, span, known).unwrap();
        prop_assert_eq!(before.net().unwrap(), before.gross().unwrap() - before.production_cost.fen);
        prop_assert_eq!(before.reference().unwrap(), before.net().unwrap() + before.claims.fen - before.compliance().unwrap());
        let naive: i64 = facts.rows.iter().map(|row| row.amount.get()).sum::<i64>()
            + facts.payments.iter().map(|paid| paid.fen).sum::<i64>();
        prop_assert_eq!(amounts(&before).iter().sum::<i64>(), naive, "the whole of every row lies in the window");
        let mut more = facts;
        let item = IncomeItem::ALL[item];
        let row = Surveyed {
            item, days: window(10, 5), amount: Fen::new(fen).unwrap(), grade: EvidenceGrade::Document, known_on: day(10),
            replaced_on: None,
        };
        more.rows.push(row);
        let after = fold(&more, span, known).unwrap();
        let costs = [IncomeItem::ProductionCost, IncomeItem::Illness, IncomeItem::Schooling, IncomeItem::Disaster];
        let moved = if costs.contains(&item) { -fen } else { fen };
        prop_assert_eq!(after.reference().unwrap() - before.reference().unwrap(), moved);
        prop_assert_eq!(after.rows(), before.rows() + 1);
    }
}

#[test]
fn windows_end_with_their_day_and_touch_each_other() {
    let rolling = Window::rolling(date("2026-03-02"), 12).unwrap();
    assert_eq!((rolling.from_on, rolling.to_on), (date("2025-03-03"), date("2026-03-02")));
    let before = rolling.before(12).unwrap();
    assert_eq!((before.from_on, before.to_on), (date("2024-03-03"), date("2025-03-02")));
    assert_eq!(Window::rolling(date("2024-02-29"), 12).unwrap().from_on, date("2023-03-01"));
    assert_eq!(Window::year(date("2026-09-30"), 10).unwrap().from_on, date("2025-10-01"));
    assert_eq!(Window::year(date("2026-10-01"), 10).unwrap().from_on, date("2026-10-01"));
    let on = |text| Paid { class: IncomeItem::Wage, on: date(text), fen: 1, known_on: date(text) };
    let payments = ["2025-03-02", "2025-03-03", "2026-03-02", "2026-03-03"].map(on).to_vec();
    let facts = Facts { payments, ..Facts::default() };
    assert_eq!(fold(&facts, rolling, date("2026-12-31")).unwrap().wage.payments, 2);
    assert_eq!(fold(&facts, rolling, date("2026-03-01")).unwrap().wage.payments, 1, "the other was not known yet");
}

#[test]
fn a_row_counts_until_another_takes_its_place() {
    let row = Surveyed {
        item: IncomeItem::Wage,
        days: window(0, 10),
        amount: Fen::new(1100).unwrap(),
        grade: EvidenceGrade::Statement,
        known_on: day(20),
        replaced_on: Some(day(40)),
    };
    let facts = Facts { rows: vec![row], ..Facts::default() };
    let known = |on| fold(&facts, window(0, 4), day(on)).unwrap().wage.fen;
    assert_eq!((known(19), known(20), known(39), known(40)), (0, 500, 500, 0));
}

#[test]
fn a_verdict_is_over_what_is_not_above_the_threshold() {
    let line = Some(Fen::new(700).unwrap());
    assert_eq!(verdict(Some(700), line), Verdict::WithinRange);
    assert_eq!(verdict(Some(701), line), Verdict::AboveRange);
    assert_eq!(verdict(Some(701), None), Verdict::NoThreshold);
    assert_eq!(verdict(None, line), Verdict::NoPeople);
    assert_eq!((per_head(-3, 2), per_head(3, 2), per_head(3, 0)), (Some(-2), Some(1), None));
}

proptest! {
    /// However a household was merged, what it had counts in one household and not in two, on every day; nothing is lost.
    #[test]
    fn what_was_merged_counts_once(facts in prop::collection::vec(some_facts(), 3), first in 1..600_u64, second in 1..600_u64, on in 0..900_u64) {
        let ids = [1_u128, 2, 3].map(|id| HouseholdId::from_uuid(uuid::Uuid::from_u128(id)));
        // The first was merged into the second, which was merged into the third, later or on the same day.
        let later = first + second;
        let merges = Merges::of([(ids[0], ids[1], day(first)), (ids[1], ids[2], day(later))]);
        let with = |at: usize| {
            let mut whole = facts[at].clone();
            whole.gone = merges.successor(ids[at]);
            for (before, since) in merges.taken_in(ids[at]) {
                let theirs = &facts[ids.iter().position(|id| *id == before).unwrap()];
                let (rows, payments) = (theirs.rows.clone(), theirs.payments.clone());
                whole.taken_in.push(TakenIn { household: before, number: String::new(), since, rows, payments });
            }
            whole
        };
        let window = Window { from_on: day(0), to_on: day(on) };
        let known = day(5000);
        let sum = |folded: Vec<Figures>| amounts_of(&folded);
        let apart = sum(facts.iter().map(|own| fold(own, window, known).unwrap()).collect());
        let each: Vec<Figures> = (0..3).map(|at| fold(&with(at), window, known).unwrap()).collect();
        prop_assert_eq!(sum(each.clone()), apart);
        let standing = if on >= later { 1 } else if on >= first { 2 } else { 3 };
        let empty = each.iter().filter(|figures| amounts(figures).iter().all(|fen| *fen == 0)).count();
        prop_assert!(empty >= 3 - standing);
    }

    /// A sheet's amount is what was paid here and the row together; said again it changes nothing.
    #[test]
    fn the_same_sheet_again_changes_nothing(stated in 0..9_000_000_i64, paid in -1000..9_000_000_i64, held in proptest::option::of(0..9_000_000_i64)) {
        let fen = |amount| Fen::new(amount).unwrap();
        let id = entity::value::IncomeEntryId::generate();
        let on_record = held.map_or(OnSheet::Nothing, |held| OnSheet::Row(id, fen(held)));
        match outcome(fen(stated), paid, on_record) {
            Outcome::Same => prop_assert_eq!(held.unwrap_or(0), (stated - paid.max(0)).max(0)),
            Outcome::Write { amount, replaces } => {
                prop_assert_eq!(amount.get(), (stated - paid.max(0)).max(0));
                prop_assert_eq!(replaces.is_some(), held.is_some());
                prop_assert!(replaces.is_some() || !amount.is_zero());
                prop_assert_eq!(outcome(fen(stated), paid, OnSheet::Row(id, amount)), Outcome::Same);
            }
            Outcome::Corrected => prop_assert!(false, "nobody corrected it"),
        }
        let by_hand = OnSheet::Corrected(fen(stated + 1), held.map(fen));
        let expected = if held == Some(stated) { Outcome::Same } else { Outcome::Corrected };
        prop_assert_eq!(outcome(fen(stated), 0, by_hand), expected);
    }
}

fn amounts_of(folded: &[Figures]) -> Vec<i64> {
    let mut sums = vec![0; IncomeItem::ALL.len()];
    for figures in folded {
        for (sum, fen) in sums.iter_mut().zip(amounts(figures)) {
            *sum += fen;
        }
    }
    sums
}
