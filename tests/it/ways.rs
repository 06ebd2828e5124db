//! Ways to buy: from a cart, again, under a framework agreement, week by week; each to its end.

use crate::approval::{Unit, decide, orderable};
use crate::harness::*;
use crate::procurement::{
    Buyer, Seller, accepting, act, assert_sound, bank_csv, fresh_key, invoice_number, part, send, stock, transfer,
};
use entity::value::{Clock, OrganisationKind, ProductId, Role, business_date};
use futures_util::future::join_all;
use liannong::{jobs, listeners};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

/// The order a request became, served and paid to its end; the budget of the buyer has spent all of it.
pub(crate) async fn complete(t: &TestApp, seller: &Seller, buyer: &Buyer, request: &Value) -> Value {
    assert_eq!(request["state"], "placed", "{request}");
    let path = format!("/orders/{}", request["order_id"].as_str().unwrap());
    let order = t.get(&path).by(&buyer.officer).await.ok();
    assert_eq!(order["total_fen"], request["total_fen"]);
    let (_, _, before) = buyer.budget(t).await;
    let shipped = send(t, seller, part(&order, 0)).await;
    let packs: Vec<_> =
        shipped["lines"].as_array().unwrap().iter().map(|line| line["packs"].as_i64().unwrap()).collect();
    let accepted = act(t, &buyer.officer, &shipped, "/accept", accepting(&shipped, &packs)).await.ok();
    let today = business_date(t.clock.now()).to_string();
    let found = entity::organisation::Entity::find_by_id(seller.id).one(t.direct()).await.unwrap().unwrap();
    let invoice = json!({
        "number": invoice_number(), "amount_fen": accepted["open_fen"], "issued_on": today,
        "seller_credit_code": found.credit_code,
    });
    act(t, &seller.clerk, &accepted, "/invoice", invoice).await.created();
    let platform = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
    let operator = t.member(Role::PlatformOperator, platform).await;
    let statement = bank_csv(t, &[transfer(&accepted)]).await.replace("2026-03-02", &today);
    let import = t.post("/bank-statements?name=x").by(&operator).key(&fresh_key());
    assert_eq!(import.bytes("text/csv", statement.into_bytes()).await.created()["rows_matched"], 1);
    t.drain().await;
    let shown = t.get(&format!("/supplier-orders/{}", accepted["id"].as_str().unwrap())).by(&buyer.officer).await.ok();
    assert_eq!(shown["state"], "paid");
    let (_, _, after) = buyer.budget(t).await;
    assert_eq!(after - before, order["total_fen"].as_i64().unwrap());
    assert_sound(t).await;
    shown
}

/// The order of a request as open data tell it: what was tendered.
pub(crate) async fn tender(t: &TestApp, request: &Value) -> Value {
    let id: entity::value::OrderGroupId = request["order_id"].as_str().unwrap().parse().unwrap();
    let released = entity::open_release::Entity::find().filter(entity::open_release::Column::GroupId.eq(id));
    let released = released.order_by_asc(entity::open_release::Column::Place).all(t.direct()).await.unwrap();
    let first: Value = serde_json::from_str(&released[0].content).unwrap();
    first["tender"].clone()
}

/// How open data say that a request was bought: the method, and its name.
pub(crate) async fn method(t: &TestApp, request: &Value) -> (String, String) {
    let tender = tender(t, request).await;
    assert!(!tender["procurementMethodRationale"].as_str().unwrap().is_empty());
    let text = |name: &str| tender[name].as_str().unwrap().to_owned();
    (text("procurementMethod"), text("procurementMethodDetails"))
}

fn direct(details: &str) -> (String, String) {
    ("direct".to_owned(), details.to_owned())
}

/// Lets the clock of the house take its turns.
pub(crate) async fn tick(t: &TestApp) {
    jobs::tick(&t.app, listeners::CLOCK).await.unwrap();
    t.drain().await;
}

async fn put(t: &TestApp, by: &Person, product: ProductId, packs: i64) -> Reply {
    t.put(&format!("/cart/lines/{product}")).by(by).json(json!({ "packs": packs })).await
}

async fn check_out(t: &TestApp, buyer: &Buyer) -> Reply {
    let body = json!({ "budget_id": buyer.budget, "deliver_to": "贵阳市林城东路 1 号食堂", "note": "一周所需" });
    t.post("/cart/checkout").by(&buyer.officer).key(&fresh_key()).json(body).await
}

async fn agreement(t: &TestApp, buyer: &Buyer, seller: &Seller, product: ProductId, ceiling: i64, packs: i64) -> Value {
    let body = json!({
        "supplier_id": seller.id, "title": "春季学期茶叶供应", "valid_from": "2026-03-01", "valid_to": "2026-07-31",
        "ceiling_fen": ceiling, "lines": [{ "product_id": product, "unit_price_fen": 900, "ceiling_packs": packs }],
    });
    let made = t.post("/frameworks").by(&buyer.officer).json(body).await.created();
    let answer = t.post(&format!("/frameworks/{}/answer", made["id"].as_str().unwrap())).by(&seller.clerk);
    answer.version(&made["version"]).json(json!({ "agree": true })).await.ok()
}

async fn call_off(t: &TestApp, buyer: &Buyer, framework: &Value, product: ProductId, packs: i64) -> Reply {
    let body = json!({ "budget_id": buyer.budget, "deliver_to": "食堂", "lines": [{ "product_id": product, "packs": packs }] });
    let path = format!("/frameworks/{}/call-offs", framework["id"].as_str().unwrap());
    t.post(&path).by(&buyer.officer).key(&fresh_key()).json(body).await
}

fn weekly(buyer: &Buyer, product: ProductId) -> Value {
    json!({ "title": "每周茶叶", "budget_id": buyer.budget, "deliver_to": "食堂", "first_on": "2026-03-09",
        "last_on": "2026-03-25", "lead_days": 7, "lines": [{ "product_id": product, "packs": 2 }] })
}

/// An agreement and a standing order with a call-off that waits, for the tests that try every door.
pub(crate) async fn in_the_world(t: &TestApp, officer: &Person) {
    let order = orderable(t, officer).await;
    let product = t.get(&format!("/products/{}", order["lines"][0]["product_id"].as_str().unwrap())).await.ok();
    let body = json!({
        "supplier_id": product["supplier"]["id"], "title": "供应", "valid_from": "2026-03-01", "valid_to": "2027-03-01",
        "ceiling_fen": 100, "lines": [{ "product_id": product["id"], "unit_price_fen": 1, "ceiling_packs": 9 }],
    });
    t.post("/frameworks").by(officer).json(body).await.created();
    let first = t.clock.now() + chrono::Duration::days(5);
    let body = json!({ "title": "每周", "budget_id": order["budget_id"], "deliver_to": "食堂", "lines": order["lines"],
        "first_on": first.date_naive(), "last_on": first.date_naive() });
    t.post("/standing-orders").by(officer).json(body).await.created();
    tick(t).await;
}

both! {
    async fn a_cart_over_several_suppliers_becomes_one_order(t: TestApp) {
        let (one, two, buyer) = (Seller::open(t).await, Seller::open(t).await, Buyer::with_budget(t, 100_000).await);
        let (tea, rice) = (one.product(t, 1_000, 50).await, two.product(t, 500, 50).await);
        check_out(t, &buyer).await.refused(409, "cart_empty");
        put(t, &buyer.officer, tea, 1).await.ok();
        put(t, &buyer.officer, tea, 3).await.ok();
        let cart = put(t, &buyer.officer, rice, 60).await.ok();
        assert_eq!((&cart["total_fen"], cart["suppliers"].as_array().unwrap().len()), (&json!(33_000), 2));
        assert_eq!(cart["suppliers"][1]["lines"][0]["can_be_ordered"], false);
        check_out(t, &buyer).await.refused(422, "insufficient_stock");
        assert_eq!(t.get("/cart").by(&buyer.officer).await.ok(), cart, "a refused checkout leaves the cart");
        put(t, &buyer.officer, rice, 4).await.ok();
        // A colleague has a cart of their own.
        let colleague = t.member(Role::ProcurementOfficer, buyer.officer.member.organisation).await;
        assert_eq!(t.get("/cart").by(&colleague).await.ok()["suppliers"], json!([]));
        let request = check_out(t, &buyer).await.created();
        assert_eq!((&request["state"], &request["total_fen"]), (&json!("placed"), &json!(5_000)));
        let order = t.get(&format!("/orders/{}", request["order_id"].as_str().unwrap())).by(&buyer.officer).await.ok();
        assert_eq!(order["supplier_orders"].as_array().unwrap().len(), 2);
        assert_eq!((stock(t, tea).await, stock(t, rice).await), ((50, 3), (50, 4)));
        assert_eq!(t.get("/cart").by(&buyer.officer).await.ok()["suppliers"], json!([]));
        // The same again, at the prices of now.
        t.sql("update product set unit_price_fen = 1200 where unit_price_fen = 1000").await.unwrap();
        let again = json!({ "order_id": order["id"] });
        let cart = t.post("/cart/repeat").by(&buyer.officer).json(again.clone()).await.ok();
        assert_eq!(cart["total_fen"], 3 * 1_200 + 4 * 500);
        let stranger = Buyer::with_budget(t, 1).await;
        t.post("/cart/repeat").by(&stranger.officer).json(again).await.refused(404, "not_found");
        t.delete(&format!("/cart/lines/{rice}")).by(&buyer.officer).await.ok();
        t.delete(&format!("/cart/lines/{rice}")).by(&buyer.officer).await.refused(404, "not_found");
        put(t, &buyer.officer, tea, 0).await.refused(400, "invalid_fields");
        put(t, &one.clerk, tea, 1).await.refused(403, "forbidden");
        let request = check_out(t, &buyer).await.created();
        complete(t, &one, &buyer, &request).await;
        assert_eq!(method(t, &request).await, direct("按公开标价直接选购"));
    }

    async fn a_framework_agreement_is_called_off_until_it_is_used_up(t: TestApp) {
        let (seller, buyer) = (Seller::open(t).await, Buyer::with_budget(t, 100_000).await);
        let (tea, rice) = (seller.product(t, 1_000, 50).await, seller.product(t, 500, 50).await);
        let framework = agreement(t, &buyer, &seller, tea, 8_100, 10).await;
        assert_eq!(framework["state"], "active");
        let request = call_off(t, &buyer, &framework, tea, 6).await.created();
        assert_eq!((&request["way"], &request["total_fen"]), (&json!("framework"), &json!(5_400)));
        let done = complete(t, &seller, &buyer, &request).await;
        assert_eq!(done["lines"][0]["price_basis"], "framework");
        assert_eq!(method(t, &request).await, direct("按框架协议价采购"));
        call_off(t, &buyer, &framework, tea, 5).await.refused(409, "framework_exceeded");
        let over = call_off(t, &buyer, &framework, tea, 4).await.refused(409, "framework_exceeded");
        assert_eq!(over["detail"], "超过协议金额上限 9.00 元。");
        call_off(t, &buyer, &framework, rice, 1).await.refused(400, "invalid_fields");
        let last = call_off(t, &buyer, &framework, tea, 3).await.created();
        let path = format!("/frameworks/{}", framework["id"].as_str().unwrap());
        let shown = t.get(&path).by(&seller.clerk).await.ok();
        assert_eq!((&shown["ordered_fen"], &shown["lines"][0]["ordered_packs"]), (&json!(8_100), &json!(9)));
        // What is taken off an order can be called off again.
        let order = t.get(&format!("/orders/{}", last["order_id"].as_str().unwrap())).by(&buyer.officer).await.ok();
        act(t, &buyer.officer, part(&order, 0), "/cancel", json!({ "reason": "不再需要" })).await.ok();
        assert_eq!(t.get(&path).by(&buyer.officer).await.ok()["ordered_fen"], 5_400);
        // Neither before nor after its days, nor once it is ended; and nobody else's.
        let stranger = Buyer::with_budget(t, 100_000).await;
        call_off(t, &stranger, &framework, tea, 1).await.refused(404, "not_found");
        t.get(&path).by(&stranger.officer).await.refused(404, "not_found");
        t.clock.set("2026-08-01T02:00:00Z".parse().unwrap());
        call_off(t, &buyer, &framework, tea, 1).await.refused(409, "framework_not_in_force");
        t.clock.set(start_of_tests());
        let end = json!({ "reason": "学期结束" });
        t.post(&format!("{path}/end")).by(&seller.clerk).version(&framework["version"]).json(end).await.ok();
        call_off(t, &buyer, &framework, tea, 1).await.refused(409, "wrong_state");
    }

    async fn a_supplier_answers_a_proposal_once(t: TestApp) {
        let (seller, buyer) = (Seller::open(t).await, Buyer::with_budget(t, 100_000).await);
        let (tea, other) = (seller.product(t, 1_000, 50).await, Seller::open(t).await);
        let wanted = |product: ProductId| json!({
            "supplier_id": seller.id, "title": "供应", "valid_from": "2026-03-01", "valid_to": "2026-07-31",
            "ceiling_fen": 1_000, "lines": [{ "product_id": product, "unit_price_fen": 900, "ceiling_packs": 10 }],
        });
        let foreign = other.product(t, 1, 1).await;
        t.post("/frameworks").by(&buyer.officer).json(wanted(foreign)).await.refused(400, "invalid_fields");
        t.post("/frameworks").by(&seller.clerk).json(wanted(tea)).await.refused(403, "forbidden");
        let made = t.post("/frameworks").by(&buyer.officer).json(wanted(tea)).await.created();
        let path = format!("/frameworks/{}/answer", made["id"].as_str().unwrap());
        let answer = |by: &Person, body: Value| t.post(&path).by(by).if_match("\"1\"").json(body);
        answer(&other.clerk, json!({ "agree": true })).await.refused(404, "not_found");
        answer(&seller.clerk, json!({ "agree": false })).await.refused(400, "invalid_fields");
        call_off(t, &buyer, &made, tea, 1).await.refused(409, "wrong_state");
        answer(&seller.clerk, json!({ "agree": false, "reason": "价格过低" })).await.ok();
        let again = t.post(&path).by(&seller.clerk).if_match("\"2\"").json(json!({ "agree": true })).await;
        again.refused(409, "wrong_state");
    }

    /// Ten call off the last packs at once: the agreement has what it has.
    async fn the_last_packs_of_an_agreement_are_called_off_once(t: TestApp) {
        let (seller, buyer) = (Seller::open(t).await, Buyer::with_budget(t, 100_000).await);
        let tea = seller.product(t, 1_000, 50).await;
        let framework = agreement(t, &buyer, &seller, tea, 100_000, 3).await;
        let replies = join_all((0..10).map(|_| call_off(t, &buyer, &framework, tea, 1))).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 3);
        assert!(replies.iter().all(|reply| matches!(reply.status, 201 | 409)));
        assert_eq!(stock(t, tea).await, (50, 3));
        assert_sound(t).await;
    }

    /// What is called off waits for approval like anything else, and the agreement is asked again at the last step.
    async fn a_call_off_that_waits_still_has_to_fit(t: TestApp) {
        let unit = Unit::open(t, 100_000).await;
        let framework = agreement(t, &unit.buyer, &unit.seller, unit.tea, 100_000, 3).await;
        unit.rule(t, "科室审批", 1, json!([{ "role": "approver" }])).await;
        let first = call_off(t, &unit.buyer, &framework, unit.tea, 2).await.created();
        let second = call_off(t, &unit.buyer, &framework, unit.tea, 2).await.created();
        assert_eq!((&first["state"], &second["state"]), (&json!("waiting"), &json!("waiting")));
        let placed = decide(t, &unit.approver, &first, "approve", json!({})).await.ok();
        decide(t, &unit.approver, &second, "approve", json!({})).await.refused(409, "framework_exceeded");
        complete(t, &unit.seller, &unit.buyer, &placed).await;
    }

    /// Every week a call-off, made once; the buyer confirms, changes, declines or forgets.
    async fn a_standing_order_delivers_what_is_confirmed(t: TestApp) {
        let (seller, buyer) = (Seller::open(t).await, Buyer::with_budget(t, 100_000).await);
        let (tea, rice) = (seller.product(t, 1_000, 50).await, seller.product(t, 500, 50).await);
        let standing = t.post("/standing-orders").by(&buyer.officer).json(weekly(&buyer, tea)).await.created();
        assert_eq!(standing["next_on"], "2026-03-09");
        let path = format!("/standing-orders/{}", standing["id"].as_str().unwrap());
        let call_offs = async || t.get(&path).by(&buyer.officer).await.ok()["call_offs"].clone();
        let config = liannong::config::Config { data: t.folder().into(), ..t.app.config.clone() };
        let other = TestApp::configured(t, config).await;
        let (one, two) = futures_util::join!(jobs::tick(&t.app, listeners::CLOCK), jobs::tick(&other.app, listeners::CLOCK));
        let (_, _) = (one.unwrap(), two.unwrap());
        assert_eq!(call_offs().await.as_array().unwrap().len(), 1);
        t.drain().await;
        let first = call_offs().await[0].clone();
        assert_eq!((&first["due_on"], &first["state"]), (&json!("2026-03-09"), &json!("proposed")));
        let mail = format!("Message-ID: <call-off.{}.", first["id"].as_str().unwrap());
        assert_eq!(t.mails().iter().filter(|text| text.contains(&mail)).count(), 1);
        let act = |call_off: &Value, what: &str, body: Value| {
            let path = format!("/standing-call-offs/{}/{what}", call_off["id"].as_str().unwrap());
            t.post(&path).by(&buyer.officer).key(&fresh_key()).version(&call_off["version"]).json(body)
        };
        let other_lines = json!({ "lines": [{ "product_id": rice, "packs": 1 }] });
        act(&first, "confirm", other_lines).await.refused(400, "invalid_fields");
        let request = act(&first, "confirm", json!({ "lines": [{ "product_id": tea, "packs": 3 }] })).await.created();
        assert_eq!((&request["way"], &request["total_fen"]), (&json!("standing"), &json!(3_000)));
        act(&first, "confirm", json!({})).await.refused(412, "stale_version");
        complete(t, &seller, &buyer, &request).await;
        assert_eq!(method(t, &request).await, direct("定期采购（公开标价）"));
        assert_eq!(tender(t, &request).await["tenderPeriod"], Value::Null, "nobody was asked");
        // The next is declined, the last one forgotten.
        t.clock.set("2026-03-10T02:00:00Z".parse().unwrap());
        tick(t).await;
        let second = call_offs().await[1].clone();
        assert_eq!(second["due_on"], "2026-03-16");
        act(&second, "decline", json!({ "reason": "本周放假" })).await.ok();
        t.clock.set("2026-03-17T02:00:00Z".parse().unwrap());
        tick(t).await;
        t.clock.set("2026-03-23T02:00:00Z".parse().unwrap());
        let third = call_offs().await[2].clone();
        act(&third, "confirm", json!({})).await.refused(409, "wrong_state");
        tick(t).await;
        let states: Vec<_> = call_offs().await.as_array().unwrap().iter().map(|one| one["state"].clone()).collect();
        assert_eq!(states, ["confirmed", "declined", "lapsed"]);
        assert_eq!(t.get(&path).by(&buyer.officer).await.ok()["next_on"], Value::Null);
        let stranger = Buyer::with_budget(t, 1).await;
        t.get(&path).by(&stranger.officer).await.refused(404, "not_found");
        let end = t.post(&format!("{path}/end")).by(&stranger.officer).if_match("\"1\"").json(json!({ "reason": "x" }));
        end.await.refused(404, "not_found");
    }

    /// With an agreement its prices hold, whatever the shelf says; a server that slept does not order for last week.
    async fn a_standing_order_follows_its_agreement(t: TestApp) {
        let (seller, buyer) = (Seller::open(t).await, Buyer::with_budget(t, 100_000).await);
        let tea = seller.product(t, 1_000, 50).await;
        let framework = agreement(t, &buyer, &seller, tea, 100_000, 10).await;
        let mut wanted = weekly(&buyer, tea);
        wanted["framework_id"] = framework["id"].clone();
        let standing = t.post("/standing-orders").by(&buyer.officer).json(wanted.clone()).await.created();
        t.clock.set("2026-03-14T02:00:00Z".parse().unwrap());
        tick(t).await;
        let listed = t.get("/standing-call-offs?state=proposed").by(&buyer.officer).await.ok();
        let due: Vec<_> = listed["items"].as_array().unwrap().iter().map(|one| &one["due_on"]).collect();
        assert_eq!(due, ["2026-03-16"]);
        let waits = &listed["items"][0];
        let path = format!("/standing-call-offs/{}/confirm", waits["id"].as_str().unwrap());
        let request = t.post(&path).by(&buyer.officer).key("c").version(&waits["version"]).json(json!({})).await.created();
        assert_eq!(request["total_fen"], 1_800);
        t.drain().await;
        assert_eq!(method(t, &request).await, direct("定期采购（框架协议价）"));
        let path = format!("/standing-orders/{}/end", standing["id"].as_str().unwrap());
        let ended = t.post(&path).by(&buyer.officer).if_match("\"2\"").json(json!({ "reason": "换供应商" })).await.ok();
        assert_eq!((&ended["state"], &ended["next_on"]), (&json!("ended"), &Value::Null));
        t.clock.set("2026-03-22T02:00:00Z".parse().unwrap());
        tick(t).await;
        assert_eq!(t.get("/standing-call-offs").by(&buyer.officer).await.ok()["items"].as_array().unwrap().len(), 1);
        wanted["first_on"] = json!("2026-03-01");
        t.post("/standing-orders").by(&buyer.officer).json(wanted).await.refused(400, "invalid_fields");
    }
}
