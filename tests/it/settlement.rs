//! What settlement promises: accepted and paid becomes income, to the fen, once; and only what accrued is paid out.

use crate::harness::*;
use crate::market::{Market, PACK_FEN};
use entity::value::{OrganisationKind, Role, SupplierOrderId};
use entity::{payout, payout_batch, share_run};
use liannong::access::policy::SettleOrder;
use liannong::access::{Actor, Grant};
use liannong::settlement::{self, SettlementError};
use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, proptest};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

fn fen(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no amount"))
}

fn amounts(value: &Value) -> [i64; 3] {
    [fen(&value["promised_fen"]), fen(&value["accrued_fen"]), fen(&value["paid_fen"])]
}

fn sum(values: &Value) -> [i64; 3] {
    values.as_array().unwrap().iter().map(amounts).fold([0; 3], |[a, b, c], [x, y, z]| [a + x, b + y, c + z])
}

async fn statement(t: &TestApp, by: &Person, household: impl std::fmt::Display) -> Value {
    let shown = t.get(&format!("/households/{household}/statement?year=2026")).by(by).await.ok();
    assert_eq!(amounts(&shown["totals"]), sum(&shown["agreements"]));
    for agreement in shown["agreements"].as_array().unwrap() {
        assert_eq!(amounts(agreement), sum(&agreement["orders"]), "{agreement}");
    }
    shown
}

fn wanted(evidence: &str, payouts: Value) -> Value {
    json!({ "paid_on": "2026-03-02", "method": "bank_transfer", "evidence_file_id": evidence, "payouts": payouts })
}

both! {
    /// On acceptance households are promised, on payment their income accrues; both from the same roster, once.
    async fn accepted_is_promised_and_paid_accrues(t: TestApp) {
        let market = Market::with_unit(t).await;
        let order = market.invoiced(t, 10, 7).await;
        t.drain().await;
        let officer = &market.county.officer;
        let promised = statement(t, officer, market.households[0]).await;
        // 7 × 58.01 = 406.07: half for produce, of which 500 × 520 of 500 × 520 + 300 × 497; and 3.33 % dividend.
        let produce = 20_304 * 260_000 / 409_100;
        assert!((fen(&promised["totals"]["promised_fen"]) - produce - 1_352).abs() <= 1, "{promised}");
        assert_eq!(amounts(&promised["totals"])[1..], [0, 0]);
        assert_eq!(promised["household"]["head_name"], "杨**");
        assert_eq!(promised["agreements"][0]["orders"][0]["number"], order["number"]);

        market.pay(t, &[&order]).await;
        let mut accrued = 0;
        for household in market.households {
            let shown = statement(t, officer, household).await;
            assert_eq!(shown["totals"]["promised_fen"], shown["totals"]["accrued_fen"]);
            accrued += fen(&shown["totals"]["accrued_fen"]);
        }
        let runs = share_run::Entity::find().all(t.direct()).await.unwrap();
        assert_eq!(runs.len(), 2);
        for run in &runs {
            assert_eq!(run.attributable_fen.get(), 7 * PACK_FEN);
            assert_eq!(run.retained_fen.get() + accrued, 7 * PACK_FEN);
        }

        // Heard again, it does nothing.
        let id: SupplierOrderId = order["id"].as_str().unwrap().parse().unwrap();
        let grant = Grant::<SettleOrder>::claim(&Actor::System).unwrap();
        t.app
            .transact(&Actor::System, async |tx| -> Result<(), SettlementError> {
                settlement::promise(tx, &grant, id).await?;
                settlement::settle(tx, &grant, id).await
            })
            .await
            .unwrap();
        assert_eq!(share_run::Entity::find().count(t.direct()).await.unwrap(), 2);
    }

    /// A statement is the county's, the auditor's, and in part each cooperative's; another year has none of it.
    async fn a_statement_is_seen_by_those_it_concerns(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        market.settled(t, 4, 4).await;
        let household = market.households[0];
        let path = format!("/households/{household}/statement");
        let whole = statement(t, &market.county.officer, household).await;
        let office = t.organisation(OrganisationKind::AuditOffice, "110101").await;
        let auditor = t.member(Role::Auditor, office).await;
        assert_eq!(t.get(&path).by(&auditor).await.ok(), whole);
        assert_eq!(t.get(&path).by(&market.supplier.clerk).await.ok(), whole);
        let last = t.get(&format!("{path}?year=2025")).by(&auditor).await.ok();
        assert_eq!((&last["agreements"], amounts(&last["totals"])), (&json!([]), [0; 3]));
        t.get(&format!("{path}?year=1999")).by(&auditor).await.refused(400, "invalid_fields");
        let elsewhere = crate::household::county(t, "532324").await;
        t.get(&path).by(&elsewhere.officer).await.refused(404, "not_found");
        let rival = crate::agreement::supplier(t, "522625").await;
        t.get(&path).by(&rival.clerk).await.refused(404, "not_found");
        crate::agreement::signed(t, &rival, crate::agreement::terms(household, "wages")).await;
        let partial = t.get(&path).by(&rival.clerk).await.ok();
        assert_eq!(partial["agreements"], json!([]));
        t.get(&path).by(&market.buyer).await.refused(403, "forbidden");
    }

    /// Payouts pay the oldest orders first, and never more than accrued.
    async fn payouts_pay_the_oldest_orders_first(t: TestApp) {
        let market = Market::with_unit(t).await;
        let first = market.settled(t, 3, 3).await;
        t.clock.advance(chrono::Duration::minutes(1));
        let second = market.settled(t, 5, 5).await;
        let clerk = &market.supplier.clerk;
        let payables = t.get("/payables").by(clerk).await.ok();
        assert_eq!(payables["items"].as_array().unwrap().len(), 4);
        let agreement = market.agreements[0];
        let payable = |page: &Value| {
            page["items"].as_array().unwrap().iter().find(|p| p["agreement_id"] == json!(agreement)).cloned()
        };
        let open = fen(&payable(&payables).unwrap()["open_fen"]);
        let shown = statement(t, clerk, market.households[0]).await;
        let of_agreement = |shown: &Value| {
            shown["agreements"].as_array().unwrap().iter().find(|a| a["agreement_id"] == json!(agreement)).unwrap().clone()
        };
        let of_order = |shown: &Value, order: &Value| {
            let orders = of_agreement(shown)["orders"].clone();
            orders.as_array().unwrap().iter().find(|o| o["supplier_order_id"] == order["id"]).unwrap().clone()
        };
        let of_first = fen(&of_order(&shown, &first)["accrued_fen"]);
        let evidence = market.evidence(t).await;
        let body = wanted(&evidence, json!([
            { "agreement_id": agreement, "amount_fen": of_first - 10, "reference": "F1" },
            { "agreement_id": agreement, "amount_fen": 30, "reference": "F2" },
        ]));
        let made = t.post("/payouts").by(clerk).key("p1").json(body.clone()).await.created();
        assert_eq!((&made["total_fen"], &made["state"]), (&json!(of_first + 20), &json!("draft")));
        assert_eq!(made["lines"][0]["household"]["head_name"], "杨**");
        let again = t.post("/payouts").by(clerk).key("p1").json(body).await;
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(again.created(), made);
        let shown = statement(t, clerk, market.households[0]).await;
        assert_eq!(amounts(&of_agreement(&shown))[2], 0, "what nobody else approved is not paid");
        let colleague = t.member(Role::CooperativeClerk, market.supplier.id).await;
        crate::payout::approved(t, &colleague, &made).await;
        let shown = statement(t, clerk, market.households[0]).await;
        assert_eq!(of_order(&shown, &first)["paid_fen"], of_first);
        assert_eq!(of_order(&shown, &second)["paid_fen"], 20);

        let rest = open - of_first - 20;
        let more = wanted(&evidence, json!([
            { "agreement_id": agreement, "amount_fen": rest, "reference": "F3" },
            { "agreement_id": agreement, "amount_fen": 1, "reference": "F4" },
        ]));
        let refused = t.post("/payouts").by(clerk).key("p2").json(more).await.refused(422, "payout_exceeds_accrued");
        assert_eq!(refused["errors"][0]["pointer"], "/payouts/1/amount_fen");
        let used = wanted(&evidence, json!([{ "agreement_id": agreement, "amount_fen": 1, "reference": "F2" }]));
        let refused = t.post("/payouts").by(clerk).key("p3").json(used).await.refused(409, "payout_reference_used");
        assert_eq!(refused["errors"][0]["pointer"], "/payouts/0/reference");
        assert_eq!(payout::Entity::find().count(t.direct()).await.unwrap(), 2);
        let all = wanted(&evidence, json!([{ "agreement_id": agreement, "amount_fen": rest, "reference": "F3" }]));
        let all = t.post("/payouts").by(clerk).key("p4").json(all).await.created();
        crate::payout::approved(t, &colleague, &all).await;
        let payables = t.get("/payables?open=true").by(clerk).await.ok();
        assert!(payable(&payables).is_none(), "{payables}");
        assert_eq!(payables["items"].as_array().unwrap().len(), 3);

        let listed = t.get(&format!("/payouts?agreement_id={agreement}&limit=2")).by(clerk).await.ok();
        assert_eq!(listed["items"][0]["reference"], "F3");
        let next = format!("/payouts?limit=2&cursor={}", listed["next"].as_str().unwrap());
        assert_eq!(t.get(&next).by(&market.county.officer).await.ok()["items"].as_array().unwrap().len(), 1);
        let rival = crate::agreement::supplier(t, "522625").await;
        assert_eq!(t.get("/payouts").by(&rival.clerk).await.ok()["items"], json!([]));
        assert_eq!(t.get("/payables").by(&rival.clerk).await.ok()["items"], json!([]));
    }

    /// What makes no sense is refused at its place, and nothing is paid out.
    async fn payouts_that_make_no_sense_are_refused(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        market.settled(t, 3, 3).await;
        let clerk = &market.supplier.clerk;
        let evidence = market.evidence(t).await;
        let agreement = market.agreements[0];
        let one = |amount: i64, reference: &str| json!({ "agreement_id": agreement, "amount_fen": amount, "reference": reference });
        let with = |change: &dyn Fn(&mut Value)| {
            let mut body = wanted(&evidence, json!([one(1, "X1")]));
            change(&mut body);
            body
        };
        let rival = crate::agreement::supplier(t, "522625").await;
        let foreign = crate::agreement::signed(t, &rival, crate::agreement::terms(market.households[0], "wages")).await;
        let stranger = entity::value::FileId::generate();
        let cases = [
            (400, "invalid_fields", "/paid_on", with(&|b| b["paid_on"] = json!("2026-03-03"))),
            (400, "invalid_fields", "/paid_on", with(&|b| b["paid_on"] = json!("2025-12-31"))),
            (400, "invalid_fields", "/payouts", with(&|b| b["payouts"] = json!([]))),
            (400, "invalid_fields", "/payouts/0/amount_fen", with(&|b| b["payouts"] = json!([one(0, "X1")]))),
            (400, "invalid_fields", "/payouts/0/amount_fen", with(&|b| b["payouts"] = json!([one(-1, "X1")]))),
            (400, "invalid_fields", "/payouts/0/reference", with(&|b| b["payouts"] = json!([one(1, " ")]))),
            (400, "invalid_fields", "/payouts/1/reference", with(&|b| b["payouts"] = json!([one(1, "X"), one(1, "X ")]))),
            (422, "payout_agreement_unknown", "/payouts/0/agreement_id", with(&|b| b["payouts"][0]["agreement_id"] = json!(foreign))),
            (422, "payout_exceeds_accrued", "/payouts/0/amount_fen", with(&|b| b["payouts"] = json!([one(9_000_000, "X1")]))),
        ];
        for (number, (status, code, pointer, body)) in cases.into_iter().enumerate() {
            let refused = t.post("/payouts").by(clerk).key(&format!("r{number}")).json(body).await.refused(status, code);
            assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
        }
        let no_file = with(&|b| b["evidence_file_id"] = json!(stranger));
        t.post("/payouts").by(clerk).key("r99").json(no_file).await.refused(422, "file_unknown");
        t.post("/payouts").by(&market.buyer).key("r98").json(with(&|_| {})).await.refused(403, "forbidden");
        assert_eq!(payout::Entity::find().count(t.direct()).await.unwrap(), 0);
        assert_eq!(payout_batch::Entity::find().count(t.direct()).await.unwrap(), 0);
    }

    /// Two clerks who pay out the same money at once pay it once.
    async fn the_same_money_is_not_paid_out_twice(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        market.settled(t, 2, 2).await;
        market.settled(t, 2, 2).await;
        let clerk = &market.supplier.clerk;
        let evidence = market.evidence(t).await;
        let payables = t.get("/payables").by(clerk).await.ok();
        let (agreement, open) = (payables["items"][0]["agreement_id"].clone(), fen(&payables["items"][0]["open_fen"]));
        let send = |reference: &'static str| {
            let body = wanted(&evidence, json!([{ "agreement_id": agreement, "amount_fen": open, "reference": reference }]));
            t.post("/payouts").by(clerk).key(reference).json(body)
        };
        let (one, two) = tokio::join!(send("A"), send("B"));
        let mut seen = [one.status, two.status];
        seen.sort_unstable();
        assert_eq!(seen, [201, 422]);
        let made = if one.status == 201 { one.created() } else { two.created() };
        assert_eq!(payout_batch::Entity::find().count(t.direct()).await.unwrap(), 1);

        // Two who approve the same at once book it once.
        let people = [t.member(Role::CooperativeClerk, market.supplier.id).await, t.member(Role::Approver, market.supplier.id).await];
        let approve = |by: &Person| {
            let path = format!("/payout-batches/{}/approve", made["id"].as_str().unwrap());
            t.post(&path).by(by).key("approve").version(&made["version"])
        };
        let (one, two) = tokio::join!(approve(&people[0]), approve(&people[1]));
        let mut seen = [one.status, two.status];
        seen.sort_unstable();
        assert!(matches!(seen, [200, 409 | 412]), "{seen:?}");
        assert_eq!(payout::Entity::find().count(t.direct()).await.unwrap(), 1);
    }
}

mod fifo {
    use super::*;
    use entity::value::Fen;
    use liannong::settlement::{Open, take};

    fn open() -> impl Strategy<Value = Vec<Open>> {
        prop::collection::vec(0_i64..1000, 0..8).prop_map(|amounts| {
            let one = |amount| Open { order: SupplierOrderId::generate(), open_fen: Fen::new(amount).unwrap() };
            amounts.into_iter().map(one).collect()
        })
    }

    proptest! {
        /// What is taken adds up to the payout, oldest first, and what is left and taken is what was there.
        #[test]
        fn parts_add_up_and_the_oldest_comes_first(before in open(), amount in 1_i64..4000) {
            let mut after = before.clone();
            let total: i64 = before.iter().map(|open| open.open_fen.get()).sum();
            match take(&mut after, Fen::new(amount).unwrap()).unwrap() {
                Err(exceeds) => {
                    prop_assert!(amount > total);
                    prop_assert_eq!(exceeds.open_fen.get(), total);
                    prop_assert_eq!(after, before);
                }
                Ok(parts) => {
                    prop_assert_eq!(parts.iter().map(|(_, part)| part.get()).sum::<i64>(), amount);
                    prop_assert!(parts.iter().all(|(_, part)| !part.is_zero()));
                    prop_assert_eq!(after.iter().map(|open| open.open_fen.get()).sum::<i64>(), total - amount);
                    let touched = before.iter().zip(&after).rposition(|(b, a)| b != a).unwrap();
                    prop_assert!(after[..touched].iter().all(|open| open.open_fen.is_zero()));
                }
            }
        }
    }
}
