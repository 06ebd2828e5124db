//! What is owed: due by acceptance, settled by the oldest first, aged, with interest exact to the fen; and ratings
//! without which nothing counts as completed.

use crate::harness::*;
use crate::instalments::Trade;
use crate::market::{Market, PACK_FEN, csv};
use crate::procurement::{fresh_key, payer_of};
use chrono::{Duration, NaiveDate};
use entity::value::{Fen, OrganisationKind, Role};
use liannong::arrears::rule::{Bucket, Moved, due_on, is_not_below, owed};
use liannong::config::{Config, LateInterest};
use liannong::db::counting_statements;
use proptest::prelude::*;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

fn moved(on: NaiveDate, amount: i64) -> Moved {
    Moved { on, amount: Fen::new(amount).unwrap() }
}

async fn arrear(t: &TestApp, trade: &Trade<'_>, by: &Person) -> Value {
    t.get(&trade.path("/arrears")).by(by).await.ok()
}

both! {
    /// What late payment costs is agreed on with the contract: another rate of the house is for contracts to come.
    async fn another_rate_is_for_orders_to_come(t: TestApp) {
        let market = Market::with_unit(t).await;
        let old = Trade::confirmed(t, &market, 2).await;
        let dear = LateInterest { late_interest_ppm: 1_000, lpr_bp: 300 };
        let t = &TestApp::configured(t, Config { late_interest: dear, ..t.app.config.clone() }).await;
        let new = Trade::confirmed(t, &market, 2).await;
        for trade in [&old, &new] {
            trade.ship(t, 2, false).await.ok();
            trade.accept(t, 2, false, None).await.ok();
        }
        t.clock.advance(Duration::days(40));
        // 2 × 5801 fen, ten days late, at 0.05 % and at 0.1 %.
        for (trade, ppm, interest) in [(&old, 500, 58), (&new, 1_000, 116)] {
            let owed = arrear(t, trade, &market.buyer).await;
            assert_eq!((&owed["daily_ppm"], &owed["interest_fen"]), (&json!(ppm), &json!(interest)));
            assert_eq!(trade.read(t).await["late_interest_ppm"], ppm);
        }
        let ageing = t.get("/order-arrears-ageing").by(&market.buyer).await.ok();
        assert_eq!((&ageing["daily_ppm"], &ageing["total"]["interest_fen"]), (&json!(1_000), &json!(174)));
    }

    /// Each acceptance has its own due day; money on the bank's day settles the oldest; the buyer, the finance department
    /// above it, the supplier and the platform see the same.
    async fn what_is_owed_is_aged_with_its_interest(t: TestApp) {
        let market = Market::with_unit(t).await;
        let trade = Trade::confirmed(t, &market, 10).await;
        trade.ship(t, 6, true).await.ok();
        trade.accept(t, 6, false, None).await.ok();
        t.clock.advance(Duration::days(10));
        trade.ship(t, 4, false).await.ok();
        trade.accept(t, 4, false, None).await.ok();
        let fresh = arrear(t, &trade, &market.buyer).await;
        assert_eq!((&fresh["open_fen"], &fresh["late_fen"]), (&json!(10 * PACK_FEN), &json!(0)));
        assert_eq!((&fresh["due_on"], &fresh["bucket"]), (&json!("2026-04-01"), &json!("not_due")));
        // 2 March + 30 + 5, 12 March + 30 - 5.
        t.clock.advance(Duration::days(25));
        let late = arrear(t, &trade, &market.supplier.clerk).await;
        assert_eq!(late["late_fen"], json!(6 * PACK_FEN));
        // 6 × 5801 × 5 days × 0.0005 = 87.015
        assert_eq!(late["interest_fen"], 87);
        assert_eq!(late["parts"], json!([
            { "accepted_on": "2026-03-02", "due_on": "2026-04-01", "open_fen": 6 * PACK_FEN, "days_late": 5,
              "bucket": "up_to30" },
            { "accepted_on": "2026-03-12", "due_on": "2026-04-11", "open_fen": 4 * PACK_FEN, "days_late": 0,
              "bucket": "not_due" },
        ]));
        trade.invoice(t, 10 * PACK_FEN).await.created();
        let code = trade.read(t).await["transfer_code"].as_str().unwrap().to_owned();
        let fen = 2 * PACK_FEN;
        let payer = payer_of(t, &code).await;
        let row = format!("2026-04-03,{payer},,{}.{:02},货款 {code},{}", fen / 100, fen % 100, fresh_key());
        assert_eq!(market.import(t, &fresh_key(), "流水", &csv(&[row])).await.created()["rows_matched"], 1);
        t.clock.advance(Duration::days(60));
        let old = arrear(t, &trade, &market.buyer).await;
        // Two of six were paid two days late, four are 65 days late, four more 55: (2×2 + 4×65 + 4×55) × 5801 × 0.0005
        assert_eq!(old["interest_fen"], 1404);
        assert_eq!((&old["open_fen"], &old["bucket"]), (&json!(8 * PACK_FEN), &json!("over60")));

        let finance = entity_finance(t, &market).await;
        for person in [&market.buyer, &finance, &market.supplier.clerk, &market.operator] {
            let listed = t.get("/order-arrears").by(person).await.ok();
            assert_eq!(listed["items"], json!([old]), "{person:?}");
            for by in ["buyer", "supplier"] {
                let ageing = t.get(&format!("/order-arrears-ageing?by={by}")).by(person).await.ok();
                assert_eq!(ageing["total"]["over_60_fen"], json!(4 * PACK_FEN));
                assert_eq!(ageing["total"]["up_to_60_fen"], json!(4 * PACK_FEN));
                assert_eq!(ageing["total"]["open_fen"], json!(8 * PACK_FEN));
                let id = if by == "buyer" { &old["buyer_id"] } else { &old["supplier_id"] };
                assert_eq!((&ageing["rows"][0]["organisation_id"], ageing["rows"].as_array().unwrap().len()), (id, 1));
            }
        }
        let stranger = t.organisation(OrganisationKind::FinanceDepartment, "530100").await;
        let stranger = t.member(Role::FinanceOfficer, stranger).await;
        assert_eq!(t.get("/order-arrears").by(&stranger).await.ok()["items"], json!([]));
        t.get(&trade.path("/arrears")).by(&stranger).await.refused(404, "not_found");
        let filtered = format!("/order-arrears?supplier={}", old["buyer_id"].as_str().unwrap());
        assert_eq!(t.get(&filtered).by(&market.operator).await.ok()["items"], json!([]));
        // A credit of what is open settles too.
        trade.credit(t, 4 * PACK_FEN).await.ok();
        assert_eq!(arrear(t, &trade, &market.buyer).await["open_fen"], json!(4 * PACK_FEN));
    }

    /// A to-do names what is accepted and paid and counts for nothing; many are rated at once, or none.
    async fn orders_are_rated_together(t: TestApp) {
        let market = Market::with_unit(t).await;
        let mut orders = Vec::new();
        for packs in 1..=14 {
            orders.push(market.invoiced(t, packs, packs).await);
        }
        market.pay(t, &orders.iter().collect::<Vec<_>>()).await;
        let todo = t.get("/orders-to-rate?limit=20").by(&market.buyer).await.ok();
        assert_eq!((&todo["count"], &todo["paid_fen"]), (&json!(14), &json!(105 * PACK_FEN)));
        assert_eq!(t.get("/orders-to-rate").by(&market.supplier.clerk).await.ok()["count"], 0);
        let items = todo["items"].as_array().unwrap();
        let one = |item: &Value, quality: i64| {
            json!({ "supplier_order_id": item["id"], "version": item["version"],
                "rating": { "quality": quality, "delivery": 4, "service": 5 } })
        };
        let rate = |ratings: Vec<Value>| {
            t.post("/ratings").by(&market.buyer).key(&fresh_key()).json(json!({ "ratings": ratings }))
        };
        let faulty = vec![one(&items[0], 5), one(&items[1], 6)];
        let refused = rate(faulty).await.refused(400, "invalid_fields");
        assert_eq!(refused["errors"][0]["pointer"], "/ratings/1/quality");
        let refused = rate(vec![one(&items[0], 5), one(&items[0], 5)]).await.refused(400, "invalid_fields");
        assert_eq!(refused["errors"][0]["pointer"], "/ratings/1/supplier_order_id");
        let mut stale = one(&items[0], 5);
        stale["version"] = json!(1);
        rate(vec![stale]).await.refused(412, "stale_version");
        rate(Vec::new()).await.refused(400, "invalid_fields");
        assert_eq!(t.get("/orders-to-rate").by(&market.buyer).await.ok()["count"], 14);
        let (done, many) = counting_statements(async { rate(items[..13].iter().map(|i| one(i, 5)).collect()).await }).await;
        assert_eq!(done.ok()["items"].as_array().unwrap().len(), 13);
        let (done, single) = counting_statements(async { rate(vec![one(&items[13], 3)]).await }).await;
        done.ok();
        assert_eq!(many, single, "no statement a line");
        assert_eq!(t.get("/orders-to-rate").by(&market.buyer).await.ok()["count"], 0);
        t.drain().await;
        let rows = entity::quota_entry::Entity::find().all(t.direct()).await.unwrap();
        let completed: i64 = rows
            .iter()
            .filter(|row| row.figure == entity::value::QuotaFigure::Completed)
            .map(|row| row.amount_fen)
            .sum();
        assert_eq!(completed, 105 * PACK_FEN);
        crate::procurement::assert_sound(t).await;
    }
}

/// Somebody of the finance department above the market's buyer.
async fn entity_finance(t: &TestApp, market: &Market) -> Person {
    let unit = entity::organisation::Entity::find_by_id(market.buyer.member.organisation);
    let unit = unit.one(t.direct()).await.unwrap().unwrap();
    t.member(Role::FinanceOfficer, unit.parent_id.unwrap()).await
}

#[test]
fn a_due_day_is_thirty_days_after_acceptance_and_sixty_at_most() {
    assert_eq!(due_on(date("2026-03-02"), 30), date("2026-04-01"));
    assert_eq!(due_on(date("2026-03-02"), 90), date("2026-05-01"));
    for (days, bucket) in [
        (-3, Bucket::NotDue),
        (0, Bucket::NotDue),
        (1, Bucket::UpTo30),
        (30, Bucket::UpTo30),
        (31, Bucket::UpTo60),
        (60, Bucket::UpTo60),
        (61, Bucket::Over60),
    ] {
        assert_eq!(Bucket::of(days), bucket);
    }
    // 3.00 % a year is 0.0082 % a day.
    assert!(is_not_below(83, 300) && !is_not_below(82, 300) && is_not_below(500, 300));
}

fn movements() -> impl Strategy<Value = Vec<Moved>> {
    let one = (0..200_i64, 1..1_000_000_i64);
    let at = |(day, amount)| moved(date("2026-01-01") + Duration::days(day), amount);
    proptest::collection::vec(one.prop_map(at), 0..8)
}

/// The interest day by day: of every day after the due day, what is open at its beginning.
fn by_the_day(accepted: &[Moved], settled: &[Moved], (term, ppm): (i32, u32), on: NaiveDate) -> i128 {
    let mut numerator = 0;
    let mut day = date("2026-01-01");
    while day < on {
        let settled_by: i64 = settled.iter().filter(|one| one.on <= day).map(|one| one.amount.get()).sum();
        let mut accepted: Vec<&Moved> = accepted.iter().filter(|one| one.on <= day).collect();
        accepted.sort_by_key(|one| one.on);
        let mut left = settled_by;
        for one in accepted {
            let open = (one.amount.get() - left).max(0);
            left = (left - one.amount.get()).max(0);
            if due_on(one.on, term) <= day {
                numerator += i128::from(open) * i128::from(ppm);
            }
        }
        day += Duration::days(1);
    }
    numerator
}

proptest! {
    /// What is open and what was settled is what was accepted; parts are of the newest acceptances; and the interest is
    /// what adding it up day by day gives, rounded once.
    #[test]
    fn what_is_owed_adds_up(
        accepted in movements(), settled in movements(), term in 1..=60_i32, ppm in 0..2_000_u32, day in 0..400_i64,
    ) {
        let on = date("2026-01-01") + Duration::days(day);
        let found = owed(&accepted, &settled, (term, ppm), on).unwrap();
        let sum = |list: &[Moved]| list.iter().filter(|one| one.on <= on).map(|one| one.amount.get()).sum::<i64>();
        let open: i64 = found.open.iter().map(|one| one.amount.get()).sum();
        prop_assert_eq!(open, (sum(&accepted) - sum(&settled)).max(0));
        prop_assert!(found.open.windows(2).all(|two| two[0].accepted_on <= two[1].accepted_on));
        let exact = by_the_day(&accepted, &settled, (term, ppm), on);
        prop_assert_eq!(i128::from(found.interest.get()), (exact + 500_000) / 1_000_000);
        let later = owed(&accepted, &settled, (term, ppm), on + Duration::days(1)).unwrap();
        prop_assert!(later.interest >= found.interest || sum(&settled) > 0);
    }
}
