//! Periods: what waits for their close, what is due in them, and what the close makes of both.

use crate::agreement::{approved, signed, terms};
use crate::harness::*;
use crate::market::Market;
use crate::plans::{accrued, file, planned};
use crate::verify::{report, unlock};
use entity::value::{AgreementId, Clock};
use liannong::db::counting_statements;
use serde_json::{Value, json};

fn fen(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no amount"))
}

fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// A market whose wages, dividends and rent wait for the end of the month; with a worker paid by the day, a lease and
/// entrusted cattle.
struct Seasonal {
    market: Market,
    evidence: Value,
    worker: AgreementId,
    lease: AgreementId,
    cattle: AgreementId,
}

impl Seasonal {
    async fn open(t: &TestApp) -> Self {
        let market = Market::with_enterprise(t).await;
        planned(
            t,
            &market,
            json!({
                "produce_bp": 5000, "wages_bp": 1000, "dividend_bp": 500, "rent_bp": 500, "custody_bp": 1000,
                "per_period": ["wages", "dividend", "land_rent", "custodial_farming"],
            }),
        )
        .await;
        let with = |household, mode: &str, change: Value| {
            let mut wanted = terms(household, mode);
            wanted.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            wanted
        };
        let wage = json!({ "subject": "采摘", "terms": { "wages": { "daily_wage_fen": 1_001 } } });
        let worker = signed(t, &market.supplier, with(market.households[2], "wages", wage)).await;
        let rent = json!({ "weight": null, "terms":
            { "land_rent": { "area_hundredth_mu": 300, "rent_fen_per_year": 20_000 } } });
        let lease = signed(t, &market.supplier, with(market.households[1], "land_rent", rent)).await;
        let keep = json!({ "weight": 4, "terms": { "custodial_farming":
            { "unit_name": "头", "return_fen_per_unit": 900, "fee_fen_per_unit": 150 } } });
        let cattle = signed(t, &market.supplier, with(market.households[0], "custodial_farming", keep)).await;
        let evidence = file(t, &market.supplier.clerk).await;
        Self { market, evidence, worker, lease, cattle }
    }

    async fn period(&self, t: &TestApp, starts_on: &str) -> Value {
        let wanted = json!({ "kind": "month", "starts_on": starts_on });
        t.post("/periods").by(&self.market.supplier.clerk).json(wanted).await.created()
    }

    async fn record(&self, t: &TestApp, period: &Value, records: Value) -> Reply {
        let path = format!("/periods/{}/records", period["id"].as_str().unwrap());
        let wanted = json!({ "evidence_file_id": self.evidence, "records": records });
        t.post(&path).by(&self.market.supplier.clerk).key(&key()).json(wanted).await
    }

    async fn shown(&self, t: &TestApp, period: &Value) -> Value {
        t.get(&path_of(period)).by(&self.market.supplier.clerk).await.ok()
    }

    async fn close(&self, t: &TestApp, period: &Value) -> Reply {
        let version = self.shown(t, period).await["version"].clone();
        let call = t.post(&format!("{}/close", path_of(period))).by(&self.market.supplier.clerk).key(&key());
        call.version(&version).json(json!({ "note": "已公示" })).await
    }

    /// Two orders in March, something due in every mode, and the first of April.
    async fn march(&self, t: &TestApp) -> (Value, [Value; 2]) {
        let period = self.period(t, "2026-03-01").await;
        let orders = [self.market.settled(t, 10, 10).await, self.market.settled(t, 3, 3).await];
        let records = json!([
            { "mode": "wages", "agreement_id": self.worker, "quantity": 3, "note": "采摘一天半" },
            { "mode": "land_rent", "agreement_id": self.lease, "due_fen": 10_000 },
            { "mode": "custodial_farming", "agreement_id": self.cattle, "quantity": 2 },
            { "mode": "dividend", "due_fen": 2_000 },
        ]);
        self.record(t, &period, records).await.created();
        t.clock.set("2026-04-01T02:00:00Z".parse().unwrap());
        (period, orders)
    }
}

fn path_of(period: &Value) -> String {
    format!("/periods/{}", period["id"].as_str().unwrap())
}

fn waiting(period: &Value) -> i64 {
    period["pools"].as_array().unwrap().iter().map(|pool| fen(&pool["waiting_fen"])).sum()
}

both! {
    /// What orders leave waits; the close shares it by what is due, each fen with its order; then it can be paid out.
    async fn a_period_is_shared_out_at_its_close(t: TestApp) {
        let world = Seasonal::open(t).await;
        let (period, orders) = world.march(t).await;
        let (clerk, officer) = (&world.market.supplier.clerk, &world.market.county.officer);
        let run = accrued(t, &world.market, &orders[0]).await;
        // 13 packs of 58.01: three tenths of it wait.
        let (total, of_first) = (13 * 5_801, 10 * 5_801);
        let shared: i64 = run["shares"].as_array().unwrap().iter().map(|share| fen(&share["amount_fen"])).sum();
        assert_eq!(shared, of_first / 2);
        assert_eq!(fen(&run["retained_fen"]), of_first * 2 / 10);
        let open = world.shown(t, &period).await;
        let held = waiting(&open);
        assert!((held - total * 3 / 10).abs() <= 4, "{open}");
        assert_eq!(open["result"], Value::Null);
        let empty = t.get(&format!("{}/shares", path_of(&period))).by(clerk).await.ok();
        assert_eq!(empty["items"], json!([]));
        let before = report(t).await;
        assert!(before.is_sound(), "{before}");

        let (closed, statements) = counting_statements(world.close(t, &period)).await;
        let closed = closed.ok();
        assert_eq!((&closed["state"], waiting(&closed)), (&json!("closed"), 0));
        let result = &closed["result"];
        // A day and a half at 10.01 is 15.02; two head of cattle 15.00; a dividend of 20.00; all covered. Of 100.00 of rent
        // the orders carry 37.71.
        let rent = fen(&open["pools"].as_array().unwrap().iter().find(|pool| pool["mode"] == "land_rent").unwrap()["waiting_fen"]);
        assert_eq!(fen(&result["due_fen"]), 1_502 + 10_000 + 1_500 + 2_000);
        assert_eq!(fen(&result["shared_fen"]), 1_502 + rent + 1_500 + 2_000);
        assert_eq!(fen(&result["uncovered_fen"]), 10_000 - rent);
        assert_eq!(fen(&result["pool_fen"]), held);
        assert_eq!(fen(&result["retained_fen"]), held - fen(&result["shared_fen"]));
        let shares = t.get(&format!("{}/shares", path_of(&period))).by(officer).await.ok();
        let amounts: Vec<_> = shares["items"].as_array().unwrap().iter().map(|share| fen(&share["amount_fen"])).collect();
        assert_eq!(amounts, [1_502, 2_000, rent, 1_500]);
        assert!(statements < 60, "{statements} statements");

        let worker = world.market.households[2];
        let statement = t.get(&format!("/households/{worker}/statement?year=2026")).by(officer).await.ok();
        let wages = statement["agreements"].as_array().unwrap().iter().find(|a| a["agreement_id"] == json!(world.worker));
        let wages = wages.unwrap();
        assert_eq!((fen(&wages["promised_fen"]), fen(&wages["accrued_fen"])), (1_502, 1_502));
        assert_eq!(wages["orders"].as_array().unwrap().len(), 2);
        let payout = json!({
            "paid_on": "2026-04-01", "method": "bank_transfer", "evidence_file_id": world.evidence,
            "payouts": [{ "agreement_id": world.worker, "amount_fen": 1_502, "reference": "W1" }],
        });
        crate::payout::handed_out(t, clerk, payout).await;
        let after = report(t).await;
        assert!(after.is_sound(), "{after}");
    }

    /// A closed period takes nothing: no record, no entry, no second close; a late order flows into the next one.
    async fn a_closed_period_takes_nothing_more(t: TestApp) {
        let world = Seasonal::open(t).await;
        let late = world.market.invoiced(t, 2, 2).await;
        let (period, _) = world.march(t).await;
        let foreign = crate::agreement::supplier(t, "522625").await;
        t.get(&path_of(&period)).by(&foreign.clerk).await.refused(404, "not_found");
        t.post(&format!("{}/close", path_of(&period))).by(&foreign.clerk).key(&key()).version(&json!(2)).json(json!({}))
            .await.refused(404, "not_found");
        world.close(t, &period).await.ok();
        world.close(t, &period).await.refused(409, "period_closed");
        let again = json!([{ "mode": "dividend", "due_fen": 5 }]);
        world.record(t, &period, again).await.refused(409, "period_closed");
        let pool = "update account set credit_fen = credit_fen + 1 where kind = 'period_pool'";
        assert!(t.sql(pool).await.unwrap_err().to_string().contains("ck_period_open"));
        // Paid in April: there is no period for it yet.
        world.market.pay(t, &[&late]).await;
        let all = t.get("/periods?state=open").by(&world.market.supplier.clerk).await.ok();
        let next = &all["items"][0];
        assert_eq!((&next["starts_on"], &next["ends_on"]), (&json!("2026-04-01"), &json!("2026-04-30")));
        assert!((waiting(next) - 2 * 5_801 * 3 / 10).abs() <= 4);
        t.clock.set("2026-05-02T02:00:00Z".parse().unwrap());
        // Nothing is due: all of it is the supplier's.
        let closed = world.close(t, next).await.ok();
        assert_eq!(closed["result"]["shared_fen"], 0);
        assert_eq!(fen(&closed["result"]["retained_fen"]), waiting(next));
        let report = report(t).await;
        assert!(report.is_sound(), "{report}");
    }

    /// Periods follow one another; what is recorded stays within what is agreed.
    async fn periods_and_records_have_their_bounds(t: TestApp) {
        let world = Seasonal::open(t).await;
        let clerk = &world.market.supplier.clerk;
        let open = async |wanted: Value| t.post("/periods").by(clerk).json(wanted).await;
        for wrong in [
            json!({ "kind": "month", "starts_on": "2026-03-02" }),
            json!({ "kind": "month", "starts_on": "2026-03-01", "ends_on": "2026-03-30" }),
            json!({ "kind": "season", "starts_on": "2026-03-01" }),
            json!({ "kind": "season", "starts_on": "2026-03-01", "ends_on": "2026-02-28" }),
            json!({ "kind": "season", "starts_on": "2026-03-01", "ends_on": "2027-03-02" }),
        ] {
            open(wrong).await.refused(400, "invalid_fields");
        }
        let march = world.period(t, "2026-03-01").await;
        assert_eq!(march["ends_on"], "2026-03-31");
        open(json!({ "kind": "season", "starts_on": "2026-02-01", "ends_on": "2026-03-01" })).await
            .refused(409, "period_overlaps");
        let spring = open(json!({ "kind": "season", "starts_on": "2026-04-01", "ends_on": "2026-06-30" })).await.created();
        world.close(t, &march).await.refused(409, "period_not_over");
        t.clock.set("2026-07-01T02:00:00Z".parse().unwrap());
        world.close(t, &spring).await.refused(409, "earlier_period_open");

        let wages = |quantity: i64| json!([{ "mode": "wages", "agreement_id": world.worker, "quantity": quantity }]);
        let refused = async |records: Value, status: u16, code: &str| {
            world.record(t, &march, records).await.refused(status, code);
        };
        refused(json!([]), 400, "invalid_fields").await;
        for wrong in [
            json!({ "mode": "produce_purchase", "agreement_id": world.market.agreements[0], "due_fen": 5 }),
            json!({ "mode": "wages", "quantity": 5 }),
            json!({ "mode": "wages", "agreement_id": world.worker, "due_fen": 5 }),
            json!({ "mode": "wages", "agreement_id": world.worker, "quantity": 0 }),
            json!({ "mode": "wages", "agreement_id": world.worker, "quantity": 4, "due_fen": 5 }),
            json!({ "mode": "dividend", "agreement_id": world.worker, "due_fen": 5 }),
            json!({ "mode": "land_rent", "agreement_id": world.lease, "due_fen": 0 }),
        ] {
            refused(json!([wrong]), 400, "invalid_fields").await;
        }
        // Without a daily wage nothing follows from days.
        let plain = json!([{ "mode": "wages", "agreement_id": world.market.agreements[2], "quantity": 5 }]);
        refused(plain, 422, "period_agreement").await;
        let mixed = json!([{ "mode": "land_rent", "agreement_id": world.worker, "due_fen": 5 }]);
        refused(mixed, 422, "period_agreement").await;
        // Two people in a household, 31 days.
        refused(wages(125), 422, "period_too_much").await;
        world.record(t, &march, wages(100)).await.created();
        refused(wages(25), 422, "period_too_much").await;
        let rent = |due: i64| json!([{ "mode": "land_rent", "agreement_id": world.lease, "due_fen": due }]);
        world.record(t, &march, rent(15_000)).await.created();
        world.record(t, &spring, rent(5_001)).await.refused(422, "period_too_much");
        world.record(t, &spring, rent(5_000)).await.created();
        let cattle = json!([{ "mode": "custodial_farming", "agreement_id": world.cattle, "quantity": 5 }]);
        refused(cattle, 422, "period_too_much").await;
        let listed = t.get(&format!("{}/records?limit=1", path_of(&march))).by(clerk).await.ok();
        assert_eq!(listed["items"][0]["due_fen"], 100 * 1_001 / 2);
        assert_ne!(listed["next"], Value::Null);
        world.close(t, &march).await.ok();
        world.close(t, &spring).await.ok();
        assert!(report(t).await.is_sound());
    }

    /// Whatever is changed about a closed period behind the house's back is found and named.
    async fn tampering_with_a_period_is_found(t: TestApp) {
        let world = Seasonal::open(t).await;
        let (period, _) = world.march(t).await;
        world.close(t, &period).await.ok();
        let sound = report(t).await;
        assert!(sound.is_sound(), "{sound}");
        for (table, change, undo, named) in [
            ("period_share", "update period_share set amount_fen = amount_fen + 1 where line_no = 1",
             "update period_share set amount_fen = amount_fen - 1 where line_no = 1", "period_share"),
            ("period_run", "update period_run set shared_fen = shared_fen + 1",
             "update period_run set shared_fen = shared_fen - 1", "period_run"),
            ("period_run", "update period_run set inputs = replace(inputs, '\"mode\":\"wages\"', '\"mode\":\"wagez\"')",
             "update period_run set inputs = replace(inputs, '\"mode\":\"wagez\"', '\"mode\":\"wages\"')", "period_run"),
            ("period_record", "update period_record set due_fen = due_fen + 1 where mode = 'land_rent'",
             "update period_record set due_fen = due_fen - 1 where mode = 'land_rent'", "period_run"),
            ("period", "update period set state = 'open'", "update period set state = 'closed'", "period_run"),
        ] {
            unlock(t, table).await;
            assert_ne!(t.sql(change).await.unwrap(), 0, "{change}");
            let line = report(t).await;
            assert_eq!(line.fault.as_ref().map(|fault| fault.table), Some(named), "{change}: {line}");
            t.sql(undo).await.unwrap();
            let line = report(t).await;
            assert!(line.is_sound(), "{undo}: {line}");
        }
    }

    /// Without the county's word, a plan that wants it shares nothing of a period with that household.
    async fn a_close_asks_for_confirmed_agreements_where_the_plan_does(t: TestApp) {
        let world = Seasonal::open(t).await;
        let plan = json!({
            "produce_bp": 0, "wages_bp": 1000, "dividend_bp": 1000, "rent_bp": 0, "per_period": ["wages", "dividend"],
            "confirmed_only": true,
        });
        let plan = t.post("/plans").by(&world.market.supplier.clerk).json(plan).await.created();
        approved(t, &world.market.county, &plan).await;
        let (period, _) = world.march(t).await;
        let closed = world.close(t, &period).await.ok();
        assert_eq!((&closed["result"]["due_fen"], &closed["result"]["shared_fen"]), (&json!(0), &json!(0)));
        assert!(t.clock.now() > start_of_tests());
    }
}
