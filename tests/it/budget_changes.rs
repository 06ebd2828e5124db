//! Budgets after they were granted: more, less, to another one, into the next year; and a statement that adds up.

use crate::harness::*;
use crate::procurement::{Buyer, Seller, assert_sound, fresh_key};
use entity::value::{OrganisationKind, Role};
use futures_util::future::join_all;
use serde_json::{Value, json};

/// A file of somebody's organisation.
pub(crate) async fn file(t: &TestApp, by: &Person) -> Value {
    let made = t.post("/files?name=document.pdf").by(by);
    made.bytes("application/pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n".to_vec()).await.created()["id"].clone()
}

async fn shown(t: &TestApp, by: &Person, id: &Value) -> Value {
    t.get(&format!("/budgets/{}", id.as_str().unwrap())).by(by).await.ok()
}

async fn change(t: &TestApp, by: &Person, id: &Value, body: Value) -> Reply {
    let path = format!("/budgets/{}", id.as_str().unwrap());
    let version = t.get(&path).by(by).await.json()["version"].clone();
    t.post(&format!("{path}/changes")).by(by).key(&fresh_key()).version(&version).json(body).await
}

async fn another(t: &TestApp, buyer: &Buyer, fund: &str, year: i32) -> Value {
    let unit = buyer.officer.member.organisation;
    let body =
        json!({ "unit_id": unit, "year": year, "fund_source": fund, "fund_kind": "union", "amount_fen": 10_000 });
    t.post("/budgets").by(&buyer.finance).key(&fresh_key()).json(body).await.created()
}

both! {
    async fn more_is_granted_and_what_is_free_is_taken_back(t: TestApp) {
        let (seller, buyer) = (Seller::open(t).await, Buyer::with_budget(t, 10_000).await);
        let tea = seller.product(t, 1_000, 50).await;
        buyer.order(t, &[(tea, 8)]).await;
        let (id, document) = (json!(buyer.budget), file(t, &buyer.finance).await);
        let more = json!({ "kind": "supplement", "amount_fen": 5_000, "document_id": document, "reason": "追加供餐人数" });
        let after = change(t, &buyer.finance, &id, more.clone()).await.ok();
        assert_eq!((&after["amount_fen"], &after["available_fen"]), (&json!(15_000), &json!(7_000)));
        let less = json!({ "kind": "reduction", "amount_fen": 7_001, "document_id": document, "reason": "压减" });
        let refused = change(t, &buyer.finance, &id, less).await.refused(409, "budget_insufficient");
        assert_eq!(refused["detail"], "可用预算 70.00 元，本次需要 70.01 元。");
        let less = json!({ "kind": "reduction", "amount_fen": 7_000, "document_id": document, "reason": "压减" });
        let after = change(t, &buyer.finance, &id, less).await.ok();
        assert_eq!((&after["amount_fen"], &after["available_fen"]), (&json!(8_000), &json!(0)));
        assert_eq!(after["encumbered_fen"], 8_000);
        let changes = t.get(&format!("/budgets/{}/changes", buyer.budget)).by(&buyer.officer).await.ok();
        let kinds: Vec<_> = changes["items"].as_array().unwrap().iter().map(|change| &change["kind"]).collect();
        assert_eq!(kinds, ["reduction", "supplement"]);
        // Neither the officer who buys, nor a stranger, nor another's document, nor an old version.
        let path = format!("/budgets/{}/changes", buyer.budget);
        let post = |by: &Person, version: &str, body: &Value| {
            t.post(&path).by(by).key(&fresh_key()).if_match(version).json(body.clone())
        };
        post(&buyer.officer, "\"3\"", &more).await.refused(403, "forbidden");
        let stranger = Buyer::with_budget(t, 1).await;
        post(&stranger.finance, "\"3\"", &more).await.refused(404, "not_found");
        post(&buyer.finance, "\"2\"", &more).await.refused(412, "stale_version");
        let mut foreign = more.clone();
        foreign["document_id"] = file(t, &stranger.finance).await;
        assert_eq!(post(&buyer.finance, "\"3\"", &foreign).await.status, 422);
        let mut odd = more.clone();
        odd["to_budget_id"] = id.clone();
        post(&buyer.finance, "\"3\"", &odd).await.refused(400, "invalid_fields");
        assert_sound(t).await;
    }

    async fn a_transfer_changes_both_budgets_or_neither(t: TestApp) {
        let buyer = Buyer::with_budget(t, 10_000).await;
        let other = another(t, &buyer, "工会经费", 2026).await;
        let (id, document) = (json!(buyer.budget), file(t, &buyer.finance).await);
        let wanted = |to: &Value, amount: i64| {
            json!({ "kind": "transfer", "amount_fen": amount, "to_budget_id": to, "document_id": document,
                "reason": "预算调剂" })
        };
        change(t, &buyer.finance, &id, wanted(&other["id"], 10_001)).await.refused(409, "budget_insufficient");
        change(t, &buyer.finance, &id, wanted(&id, 1)).await.refused(400, "invalid_fields");
        let stranger = Buyer::with_budget(t, 5).await;
        change(t, &buyer.finance, &id, wanted(&json!(stranger.budget), 1)).await.refused(400, "invalid_fields");
        let after = change(t, &buyer.finance, &id, wanted(&other["id"], 4_000)).await.ok();
        assert_eq!((&after["amount_fen"], &after["available_fen"]), (&json!(6_000), &json!(6_000)));
        let other = shown(t, &buyer.finance, &other["id"]).await;
        assert_eq!((&other["amount_fen"], &other["fund_kind"]), (&json!(14_000), &json!("union")));
        assert_sound(t).await;
    }

    /// What is bound stays with its year and is spent from there; what is free goes on, or lapses; and nothing more is
    /// bound to the old year.
    async fn a_year_is_closed_into_the_next(t: TestApp) {
        let (seller, buyer) = (Seller::open(t).await, Buyer::with_budget(t, 10_000).await);
        let tea = seller.product(t, 1_000, 50).await;
        let order = buyer.order(t, &[(tea, 4)]).await;
        let (id, document) = (json!(buyer.budget), file(t, &buyer.finance).await);
        let carry = json!({ "kind": "carry_over", "amount_fen": 5_000, "document_id": document, "reason": "年终结转" });
        change(t, &buyer.finance, &id, carry.clone()).await.refused(409, "budget_year_runs");
        t.clock.set("2027-01-05T02:00:00Z".parse().unwrap());
        let after = change(t, &buyer.finance, &id, carry).await.ok();
        assert_eq!((&after["amount_fen"], &after["available_fen"]), (&json!(4_000), &json!(0)));
        assert!(after["closed_at"].is_string());
        let listed = t.get("/budgets?year=2027").by(&buyer.officer).await.ok();
        let next = &listed["items"][0];
        assert_eq!((&next["amount_fen"], &next["fund_source"]), (&json!(5_000), &json!("公用经费")));
        let refused = t.post("/orders").by(&buyer.officer).key("late").json(buyer.wanted(&[(tea, 1)])).await;
        refused.refused(409, "budget_closed");
        let mut wanted = buyer.wanted(&[(tea, 1)]);
        wanted["budget_id"] = next["id"].clone();
        t.post("/orders").by(&buyer.officer).key("next").json(wanted).await.created();
        // A cancelled order gives back to the closed year; closing again takes that too.
        let part = &order["supplier_orders"][0];
        let path = format!("/supplier-orders/{}/cancel", part["id"].as_str().unwrap());
        let cancel = t.post(&path).by(&buyer.officer).key("c").version(&part["version"]);
        cancel.json(json!({ "reason": "不再需要" })).await.ok();
        assert_eq!(shown(t, &buyer.finance, &id).await["available_fen"], 4_000);
        let rest = json!({ "kind": "carry_over", "amount_fen": 0, "document_id": document, "reason": "收回" });
        let after = change(t, &buyer.finance, &id, rest).await.ok();
        assert_eq!((&after["amount_fen"], &after["available_fen"]), (&json!(0), &json!(0)));
        assert_sound(t).await;
    }

    async fn a_budget_of_next_year_cannot_be_used_yet(t: TestApp) {
        let (seller, buyer) = (Seller::open(t).await, Buyer::with_budget(t, 10_000).await);
        let tea = seller.product(t, 1_000, 50).await;
        let mut wanted = buyer.wanted(&[(tea, 1)]);
        wanted["budget_id"] = another(t, &buyer, "公用经费", 2027).await["id"].clone();
        t.post("/orders").by(&buyer.officer).key("early").json(wanted).await.refused(409, "budget_closed");
    }

    async fn the_statement_adds_up_day_by_day(t: TestApp) {
        let (seller, buyer) = (Seller::open(t).await, Buyer::with_budget(t, 10_000).await);
        let tea = seller.product(t, 1_000, 50).await;
        let (id, document) = (json!(buyer.budget), file(t, &buyer.finance).await);
        t.clock.set("2026-03-05T02:00:00Z".parse().unwrap());
        let order = buyer.order(t, &[(tea, 3)]).await;
        let more = json!({ "kind": "supplement", "amount_fen": 500, "document_id": document, "reason": "追加" });
        change(t, &buyer.finance, &id, more).await.ok();
        t.clock.set("2026-03-09T02:00:00Z".parse().unwrap());
        let part = &order["supplier_orders"][0];
        let path = format!("/supplier-orders/{}/cancel", part["id"].as_str().unwrap());
        let cancel = t.post(&path).by(&buyer.officer).key("c").version(&part["version"]);
        cancel.json(json!({ "reason": "不再需要" })).await.ok();
        let path = format!("/budgets/{}/statement", buyer.budget);
        let days = t.get(&format!("{path}?from=2026-03-05&to=2026-03-05")).by(&buyer.officer).await.ok();
        assert_eq!(days["opening"], json!({ "available_fen": 10_000, "encumbered_fen": 0, "spent_fen": 0 }));
        assert_eq!(days["closing"], json!({ "available_fen": 7_500, "encumbered_fen": 3_000, "spent_fen": 0 }));
        let moved: Vec<_> = days["movements"].as_array().unwrap().iter().map(|m| &m["available_fen"]).collect();
        assert_eq!(moved, [&json!(-3_000), &json!(500)]);
        let whole = t.get(&path).by(&buyer.finance).await.ok();
        assert_eq!(whole["from"], "2026-01-01");
        assert_eq!(whole["movements"].as_array().unwrap().len(), 4);
        assert_eq!(whole["closing"], json!({ "available_fen": 10_500, "encumbered_fen": 0, "spent_fen": 0 }));
        t.get(&format!("{path}?from=2026-03-05&to=2026-03-04")).by(&buyer.officer).await.refused(400, "invalid_fields");
        let stranger = Buyer::with_budget(t, 1).await;
        t.get(&path).by(&stranger.officer).await.refused(404, "not_found");
        let clerk = t.member(Role::CooperativeClerk, t.organisation(OrganisationKind::Cooperative, "522634").await).await;
        t.get(&path).by(&clerk).await.refused(403, "forbidden");
    }

    /// Orders bind while finance takes back: together never more than there is.
    async fn finance_and_orders_never_use_the_same_fen(t: TestApp) {
        let (seller, buyer) = (Seller::open(t).await, Buyer::with_budget(t, 5_000).await);
        let mut products = Vec::new();
        for _ in 0..6 {
            products.push(seller.product(t, 1_000, 5).await);
        }
        let document = file(t, &buyer.finance).await;
        let orders = products.iter().map(|tea| async {
            t.post("/orders").by(&buyer.officer).key(&fresh_key()).json(buyer.wanted(&[(*tea, 1)])).await
        });
        let path = format!("/budgets/{}/changes", buyer.budget);
        let less = json!({ "kind": "reduction", "amount_fen": 3_000, "document_id": document, "reason": "压减" });
        let taking = async { t.post(&path).by(&buyer.finance).key("less").if_match("\"1\"").json(less).await };
        let (orders, taken) = futures_util::join!(join_all(orders), taking);
        let placed = orders.iter().filter(|reply| reply.status == 201).count();
        let (available, encumbered, _) = buyer.budget(t).await;
        assert_eq!(encumbered, i64::try_from(placed).unwrap() * 1_000);
        let total = if taken.status == 200 { 2_000 } else { 5_000 };
        assert_eq!(available + encumbered, total, "{} orders, {}", placed, taken.status);
        assert!(orders.iter().all(|reply| matches!(reply.status, 201 | 409)));
        assert_sound(t).await;
    }
}
