//! Plans with everything a plan can say, agreements with everything their modes have, costs, and help without money.

use crate::agreement::{approved, proposed, signed, supplier, terms};
use crate::harness::*;
use crate::household::{county, household};
use crate::market::Market;
use crate::verify::report;
use entity::value::{AgreementId, HouseholdStatusKind, Role};
use liannong::attribution;
use serde_json::{Value, json};

fn fen(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no amount"))
}

fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Puts another plan in force for a market.
pub(crate) async fn planned(t: &TestApp, market: &Market, plan: Value) -> Value {
    let plan = t.post("/plans").by(&market.supplier.clerk).json(plan).await.created();
    approved(t, &market.county, &plan).await
}

/// The accrued run of an order.
pub(crate) async fn accrued(t: &TestApp, market: &Market, order: &Value) -> Value {
    let path = format!("/supplier-orders/{}/shares", order["id"].as_str().unwrap());
    let shown = t.get(&path).by(&market.supplier.clerk).await.ok();
    let run = shown["runs"].as_array().unwrap().iter().find(|run| run["basis"] == "accrued");
    run.unwrap_or_else(|| panic!("nothing accrued: {shown}")).clone()
}

fn of(run: &Value, agreement: AgreementId) -> i64 {
    let share = run["shares"].as_array().unwrap().iter().find(|share| share["agreement_id"] == json!(agreement));
    share.map_or(0, |share| fen(&share["amount_fen"]))
}

/// A file of a supplier's.
pub(crate) async fn file(t: &TestApp, by: &Person) -> Value {
    let file = t.post("/files?name=scan.pdf").by(by);
    file.bytes("application/pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n".to_vec()).await.created()["id"].clone()
}

both! {
    /// A plan whose floor or shares cannot hold is refused, each fault at its place, and nothing is kept.
    async fn a_plan_that_cannot_hold_is_refused(t: TestApp) {
        let own = county(t, "522625").await;
        let supplier = supplier(t, "522625").await;
        let with = |change: Value| {
            let mut plan = json!({ "produce_bp": 5000, "wages_bp": 2000, "dividend_bp": 0, "rent_bp": 0 });
            plan.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            plan
        };
        for (status, code, pointer, change) in [
            (400, "invalid_fields", "/rent_bp", json!({ "custody_bp": 3001 })),
            (400, "invalid_fields", "/pool_order", json!({ "pool_order": ["wages", "wages"] })),
            (400, "invalid_fields", "/per_period", json!({ "per_period": ["produce_purchase"] })),
            (400, "invalid_fields", "/cap_bp", json!({ "cap_bp": 0 })),
            (400, "invalid_fields", "/floor_bp", json!({ "floor_bp": 10_001 })),
            (422, "plan_cannot_hold", "/floor_bp", json!({ "floor_bp": 7001 })),
            // What waits for a period cannot carry a floor.
            (422, "plan_cannot_hold", "/floor_bp", json!({ "floor_bp": 5001, "per_period": ["wages"] })),
        ] {
            let problem = t.post("/plans").by(&supplier.clerk).json(with(change)).await.refused(status, code);
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
        assert_eq!(t.get("/plans").by(&supplier.clerk).await.ok()["items"], json!([]));

        // A floor of six tenths below a cap of a quarter needs three households.
        let plan = with(json!({ "floor_bp": 6000, "cap_bp": 2500 }));
        let plan = t.post("/plans").by(&supplier.clerk).json(plan).await.created();
        let approve = format!("/plans/{}/approve", plan["id"].as_str().unwrap());
        for number in 1..=3 {
            t.post(&approve).by(&own.officer).version(&plan["version"]).await.refused(422, "plan_cannot_hold");
            let one = household(t, &own, number).await;
            signed(t, &supplier, terms(one, "wages")).await;
        }
        assert_eq!(t.post(&approve).by(&own.officer).version(&plan["version"]).await.ok()["state"], "approved");
    }

    /// What the county approved anybody may read, with no person in it; what it did not is not there.
    async fn approved_plans_are_published(t: TestApp) {
        let own = county(t, "522625").await;
        let supplier = supplier(t, "522625").await;
        let waiting = proposed(t, &supplier, [1000, 0, 0, 0]).await;
        let path = |plan: &Value| format!("/published-plans/{}", plan["id"].as_str().unwrap());
        t.get(&path(&waiting)).await.refused(404, "not_found");
        let wanted = json!({
            "produce_bp": 5000, "wages_bp": 1500, "dividend_bp": 1000, "rent_bp": 0, "custody_bp": 500,
            "cap_bp": 3000, "pool_order": ["wages", "produce_purchase"], "per_period": ["dividend"],
            "eligible": "relief_only",
        });
        let plan = t.post("/plans").by(&supplier.clerk).json(wanted).await.created();
        let plan = approved(t, &own, &plan).await;
        let shown = t.get(&path(&plan)).await.ok();
        let pool = |mode: &str, bp: i64, settle: &str| json!({ "mode": mode, "bp": bp, "settle": settle });
        assert_eq!(shown["pools"], json!([
            pool("wages", 1500, "per_order"), pool("produce_purchase", 5000, "per_order"),
            pool("dividend", 1000, "per_period"), pool("land_rent", 0, "per_order"),
            pool("custodial_farming", 500, "per_order"),
        ]));
        assert_eq!((&shown["retained_bp"], &shown["cap_bp"], &shown["floor_bp"]), (&json!(2000), &json!(3000), &json!(0)));
        assert_eq!(shown["pools"], plan["pools"]);
        assert!(!shown.to_string().contains(&supplier.clerk.member.person.to_string()));
        assert!(shown["supplier_name"].as_str().unwrap().chars().count() > 1);
        let later = proposed(t, &supplier, [2000, 0, 0, 0]).await;
        approved(t, &own, &later).await;
        let listed = t.get(&format!("/published-plans?supplier_id={}", supplier.id)).await.ok();
        let states: Vec<_> = listed["items"].as_array().unwrap().iter().map(|plan| plan["state"].clone()).collect();
        assert_eq!(states, ["approved", "superseded"]);
    }

    /// Floor, cap and order of a plan decide over the shares of a real order, and verification follows them.
    async fn floor_and_cap_decide_over_an_order(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let [first, third, wages, dividend] = market.agreements;
        // Nobody leases land: without a floor its fifth would be retained. The cap binds the first household, over both
        // its agreements.
        planned(t, &market, json!({
            "produce_bp": 5000, "wages_bp": 1000, "dividend_bp": 1000, "rent_bp": 2000,
            "floor_bp": 9000, "cap_bp": 4000, "pool_order": ["dividend", "produce_purchase"],
        })).await;
        let order = market.settled(t, 10, 10).await;
        let run = accrued(t, &market, &order).await;
        let total = fen(&run["attributable_fen"]);
        let shared: i64 = run["shares"].as_array().unwrap().iter().map(|share| fen(&share["amount_fen"])).sum();
        assert_eq!((total, shared + fen(&run["retained_fen"])), (58_010, 58_010));
        assert_eq!(shared, total * 9 / 10);
        assert_eq!(of(&run, first) + of(&run, dividend), total * 4 / 10);
        assert!(of(&run, third) > of(&run, wages) && of(&run, wages) > 0, "{run}");
        assert_eq!(run["plan"]["floor_bp"], 9000);
        let report = report(t).await;
        assert!(report.is_sound(), "{report}");
    }

    /// Only whom the plan means shares; and what a household was on the day is never rewritten.
    async fn a_plan_says_who_shares(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let [first, third, ..] = market.agreements;
        let ordinary = json!({ "status": "ordinary", "from_date": "2026-02-01", "source": "2026年动态调整" });
        let path = format!("/households/{}/statuses", market.households[0]);
        t.post(&path).by(&market.county.officer).version(&json!(1)).json(ordinary).await.created();
        let before = market.settled(t, 4, 4).await;
        planned(t, &market, json!({
            "produce_bp": 8000, "wages_bp": 0, "dividend_bp": 0, "rent_bp": 0, "eligible": "relief_only",
        })).await;
        let order = market.settled(t, 4, 4).await;
        let run = accrued(t, &market, &order).await;
        assert_eq!((of(&run, first), of(&run, third)), (0, fen(&run["attributable_fen"]) * 8 / 10));

        planned(t, &market, json!({
            "produce_bp": 8000, "wages_bp": 0, "dividend_bp": 0, "rent_bp": 0, "confirmed_only": true,
        })).await;
        let nobody = market.settled(t, 2, 2).await;
        assert_eq!(accrued(t, &market, &nobody).await["shares"], json!([]));
        let back = json!({ "status": "registered", "from_date": "2026-03-02", "source": "更正" });
        let version = t.get(&format!("/households/{}", market.households[0])).by(&market.county.officer).await.ok();
        t.post(&path).by(&market.county.officer).version(&version["version"]).json(back).await.created();
        let kept = accrued(t, &market, &before).await;
        let status = |agreement: AgreementId| {
            let shares = kept["shares"].as_array().unwrap().iter();
            shares.clone().find(|share| share["agreement_id"] == json!(agreement)).unwrap()["household_status"].clone()
        };
        assert_eq!((status(first), status(third)), (json!("ordinary"), json!("registered")));
        assert!(report(t).await.is_sound());
    }

    /// Every mode has terms of its own; those of another are refused, and so is what makes no sense.
    async fn each_mode_has_its_terms(t: TestApp) {
        let own = county(t, "522625").await;
        let supplier = supplier(t, "522625").await;
        let one = household(t, &own, 1).await;
        let scan = file(t, &supplier.clerk).await;
        let with = |mode: &str, change: Value| {
            let mut wanted = terms(one, mode);
            wanted.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            wanted
        };
        let custody = |fee: i64| json!({ "custodial_farming": {
            "unit_name": "头", "return_fen_per_unit": 60_000, "fee_fen_per_unit": fee } });
        for (pointer, wanted) in [
            ("/terms", with("custodial_farming", json!({}))),
            ("/terms", with("wages", json!({ "terms": custody(1) }))),
            ("/terms/custodial_farming/fee_fen_per_unit", with("custodial_farming", json!({ "terms": custody(60_000) }))),
            ("/terms/wages/daily_wage_fen", with("wages", json!({ "terms": { "wages": { "daily_wage_fen": 0 } } }))),
            ("/weight", with("land_rent", json!({ "terms":
                { "land_rent": { "area_hundredth_mu": 300, "rent_fen_per_year": 240_000 } } }))),
            ("/terms/land_rent", with("land_rent", json!({ "weight": null, "terms":
                { "land_rent": { "area_hundredth_mu": 0, "rent_fen_per_year": 240_000 } } }))),
            ("/subject", with("wages", json!({ "subject": " " }))),
            ("/household_signed_on", with("wages", json!({ "household_signed_on": "2026-03-03" }))),
        ] {
            let problem = t.post("/agreements").by(&supplier.clerk).json(wanted).await.refused(400, "invalid_fields");
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
        let stranger = with("wages", json!({ "member_id": uuid::Uuid::now_v7() }));
        t.post("/agreements").by(&supplier.clerk).json(stranger).await.refused(422, "household_member_unknown");

        let detail = t.get(&format!("/households/{one}")).by(&own.officer).await.ok();
        let member = &detail["members"][1]["id"];
        let made = async |wanted: Value| t.post("/agreements").by(&supplier.clerk).json(wanted).await.created();
        let rent = json!({ "land_rent": { "area_hundredth_mu": 350, "rent_fen_per_year": 240_000 } });
        let plot = made(with("land_rent", json!({ "weight": null, "subject": "后山", "terms": rent }))).await;
        // 3.5 mu are 2333 square metres.
        assert_eq!((&plot["weight"], &plot["terms"]["terms"], &plot["subject"]), (&json!(2333), &rent, &json!("后山")));
        made(with("land_rent", json!({ "subject": "河边", "weight": 700 }))).await;
        let twice = with("land_rent", json!({ "subject": "河边", "weight": 700 }));
        t.post("/agreements").by(&supplier.clerk).json(twice).await.refused(409, "agreement_overlaps");
        let wages = json!({ "terms": { "wages": { "daily_wage_fen": 12_000 } }, "member_id": member });
        let worker = made(with("wages", wages)).await;
        assert_eq!(&worker["member_id"], member);
        made(with("wages", json!({}))).await;
        let cattle = made(with("custodial_farming", json!({ "terms": custody(18_000), "weight": 4 }))).await;
        assert_eq!((&cattle["weight_unit"], &cattle["terms"]["number"]), (&json!("units"), &json!(1)));
        let papers = json!({ "dividend": { "register_file_id": scan, "resolution_file_id": scan } });
        let shares = made(with("dividend", json!({ "terms": papers }))).await;
        assert_eq!(shares["terms"]["terms"], papers);
        let foreign = json!({ "dividend": { "register_file_id": uuid::Uuid::now_v7(), "resolution_file_id": scan } });
        let foreign = with("dividend", json!({ "terms": foreign, "subject": "二期" }));
        t.post("/agreements").by(&supplier.clerk).json(foreign).await.refused(422, "file_unknown");
    }

    /// Terms are versions: both sign, the county confirms, and what held on a past day can still be told.
    async fn terms_are_versions_that_the_county_confirms(t: TestApp) {
        let own = county(t, "522625").await;
        let other = county(t, "532324").await;
        let supplier = supplier(t, "522625").await;
        let one = household(t, &own, 1).await;
        let id = signed(t, &supplier, terms(one, "wages")).await;
        let path = format!("/agreements/{id}");
        let confirm = format!("{path}/confirm");
        t.post(&confirm).by(&own.officer).version(&json!(1)).await.refused(422, "signature_without_evidence");
        t.post(&confirm).by(&supplier.clerk).version(&json!(1)).await.refused(403, "forbidden");
        let scan = file(t, &supplier.clerk).await;
        let amendment = |weight: i64| json!({
            "weight": weight, "supplier_signed_on": "2026-03-01", "supplier_file_id": scan,
            "household_signed_on": "2026-03-02", "household_file_id": scan,
            "terms": { "wages": { "daily_wage_fen": 13_000 } },
        });
        let amend = format!("{path}/terms");
        let wrong = json!({
            "weight": 0, "supplier_signed_on": "2026-03-03", "supplier_file_id": scan,
            "household_signed_on": "2026-03-02", "household_file_id": scan,
        });
        t.post(&amend).by(&supplier.clerk).version(&json!(1)).json(wrong).await.refused(400, "invalid_fields");
        t.post(&amend).by(&supplier.clerk).version(&json!(9)).json(amendment(150)).await.refused(412, "stale_version");
        let changed = t.post(&amend).by(&supplier.clerk).version(&json!(1)).json(amendment(150)).await.created();
        assert_eq!((&changed["weight"], &changed["terms"]["number"]), (&json!(150), &json!(2)));
        let on = async |day: &str| {
            let member = attribution::roster(t.app.reader(), supplier.id, date(day)).await.unwrap()[0];
            (member.weight, member.confirmed)
        };
        assert_eq!((on("2026-03-01").await, on("2026-03-02").await), ((120, false), (150, false)));

        t.post(&confirm).by(&other.officer).version(&changed["version"]).await.refused(404, "not_found");
        let both = t.also(&supplier.clerk, Role::RevitalisationOfficer, own.officer.member.organisation).await;
        t.post(&confirm).by(&both).version(&changed["version"]).await.refused(403, "four_eyes");
        let confirmed = t.post(&confirm).by(&own.officer).version(&changed["version"]).await.ok();
        assert_eq!(confirmed["terms"]["confirmed_on"], "2026-03-02");
        t.post(&confirm).by(&own.officer).version(&confirmed["version"]).await.refused(409, "wrong_state");
        // From now on other terms wait for the county.
        t.clock.advance(chrono::Duration::days(10));
        let waiting = t.post(&amend).by(&supplier.clerk).version(&confirmed["version"]).json(amendment(200)).await;
        let waiting = waiting.created();
        assert_eq!((&waiting["weight"], &waiting["terms"]["number"]), (&json!(150), &json!(3)));
        assert_eq!(on("2026-03-13").await, (150, true));
        t.clock.advance(chrono::Duration::days(3));
        t.post(&confirm).by(&own.officer).version(&waiting["version"]).await.ok();
        assert_eq!((on("2026-03-14").await, on("2026-03-15").await), ((150, true), (200, true)));
        let versions = t.get(&amend).by(&own.officer).await.ok();
        let numbers: Vec<_> = versions["items"].as_array().unwrap().iter().map(|terms| terms["number"].clone()).collect();
        assert_eq!(numbers, [3, 2, 1]);
        t.get(&amend).by(&other.officer).await.refused(404, "not_found");
    }

    /// What was advanced is repaid from produce, at most the agreed part of each order, and no fen of it twice.
    async fn advanced_costs_are_repaid_within_their_bounds(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let clerk = &market.supplier.clerk;
        let [first, third, wages, _] = market.agreements;
        let scan = file(t, clerk).await;
        // The first may repay three tenths of each order, the rest waits; the third all, the rest is waived.
        for (agreement, cap, excess) in [(first, 3000, "carry_over"), (third, 10_000, "waive")] {
            let amendment = json!({
                "price_fen_per_kg": 480, "supplier_signed_on": "2026-03-01", "supplier_file_id": scan,
                "household_signed_on": "2026-03-01", "household_file_id": scan,
                "terms": { "produce_purchase": { "cost_cap_bp": cap, "cost_excess": excess } },
            });
            let path = format!("/agreements/{agreement}/terms");
            t.post(&path).by(clerk).version(&json!(1)).json(amendment).await.created();
        }
        let cost = |amount: i64| json!({
            "kind": "seed", "amount_fen": amount, "advanced_on": "2026-02-10", "description": "猕猴桃苗 50 株",
            "evidence_file_id": scan,
        });
        let costs = |agreement: AgreementId| format!("/agreements/{agreement}/costs");
        t.post(&costs(wages)).by(clerk).key(&key()).json(cost(5)).await.refused(422, "cost_needs_produce");
        t.post(&costs(first)).by(clerk).key(&key()).json(cost(0)).await.refused(400, "invalid_fields");
        let declared = t.post(&costs(first)).by(clerk).key("c1").json(cost(9_000)).await.created();
        assert_eq!((&declared["declared_fen"], &declared["open_fen"]), (&json!(9_000), &json!(9_000)));
        assert_eq!(t.post(&costs(first)).by(clerk).key("c1").json(cost(9_000)).await.created(), declared);
        t.post(&costs(third)).by(clerk).key(&key()).json(cost(900_000)).await.created();

        let order = market.settled(t, 10, 10).await;
        let run = accrued(t, &market, &order).await;
        // Half of 580.10 for produce: 260000 and 149100 of 409100.
        let (gross_first, gross_third) = (18_434, 10_571);
        assert_eq!(of(&run, first), gross_first - gross_first * 3 / 10);
        assert_eq!(of(&run, third), 0);
        let after = t.get(&costs(first)).by(clerk).await.ok();
        assert_eq!((fen(&after["deducted_fen"]), fen(&after["open_fen"])), (gross_first * 3 / 10, 9_000 - gross_first * 3 / 10));
        assert_eq!(after["deductions"][0]["supplier_order_id"], order["id"]);
        let borne = t.get(&costs(third)).by(&market.county.officer).await.ok();
        assert_eq!((fen(&borne["deducted_fen"]), fen(&borne["waived_fen"])), (gross_third, 900_000 - gross_third));
        assert_eq!(borne["open_fen"], 0);

        let next = market.settled(t, 10, 10).await;
        let run = accrued(t, &market, &next).await;
        assert_eq!(of(&run, first), gross_first - (9_000 - gross_first * 3 / 10));
        assert_eq!(t.get(&costs(first)).by(clerk).await.ok()["open_fen"], 0);
        assert_eq!(of(&run, third), gross_third);
        let report = report(t).await;
        assert!(report.is_sound(), "{report}");
    }

    /// Help is recorded beside agreements and can carry no money: no request, no column, no account takes one.
    async fn help_carries_no_money(t: TestApp) {
        let own = county(t, "522625").await;
        let other = county(t, "532324").await;
        let supplier = supplier(t, "522625").await;
        let one = household(t, &own, 1).await;
        let help = json!({
            "household_number": "522625010100001", "kind": "training", "given_on": "2026-03-01",
            "content": "水稻病虫害防治培训半天", "people": 2,
        });
        let made = t.post("/help-records").by(&supplier.clerk).json(help.clone()).await.created();
        assert_eq!(made["household"]["id"], json!(one));
        let path = format!("/help-records/{}", made["id"].as_str().unwrap());
        assert_eq!(t.get(&path).by(&own.officer).await.ok(), made);
        t.get(&path).by(&other.officer).await.refused(404, "not_found");
        let listed = t.get("/help-records?kind=training").by(&supplier.clerk).await.ok();
        assert_eq!(listed["items"], json!([made]));
        for (field, value) in [("amount_fen", json!(100)), ("kind", json!("wages")), ("people", json!(0)),
            ("given_on", json!("2026-03-03")), ("content", json!(""))] {
            let mut wrong = help.clone();
            wrong[field] = value;
            let refused = t.post("/help-records").by(&supplier.clerk).json(wrong).await;
            assert_eq!(refused.status, 400, "{field}: {}", refused.json());
        }
        let mut nobody = help;
        nobody["household_number"] = json!("522625010199999");
        t.post("/help-records").by(&supplier.clerk).json(nobody).await.refused(422, "household_unknown");
        use entity::help_record::Column;
        use sea_orm::Iterable;
        assert!(Column::iter().all(|column| !format!("{column:?}").ends_with("Fen")));
        // Nor has any plan a pool for it.
        let modes: Vec<_> = entity::value::BenefitMode::ALL.iter().map(|mode| mode.as_str()).collect();
        assert!(entity::value::HelpKind::ALL.iter().all(|kind| !modes.contains(&kind.as_str())));
        assert_eq!(HouseholdStatusKind::ALL.len(), 5);
    }
}
