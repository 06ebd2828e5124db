//! Group purchases: the more packs, the lower everybody's price; closed once, and nobody pays or waits for nothing.

use crate::approval::{Unit, decide, orderable};
use crate::harness::*;
use crate::procurement::{Buyer, Seller, assert_sound, fresh_key, stock};
use crate::ways::{complete, method, tick};
use entity::value::{Clock, Fen, GroupState, OrganisationKind, Packs, ProductId, Role};
use futures_util::future::join_all;
use liannong::purchase::group::steps::{PriceStep, fault, highest, reached};
use liannong::{jobs, listeners};
use proptest::prelude::*;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

fn offer(product: ProductId) -> Value {
    json!({
        "product_id": product, "title": "新茶团购", "closes_at": "2026-03-05T02:00:00Z", "max_packs": 40,
        "steps": [{ "from_packs": 5, "unit_price_fen": 900 }, { "from_packs": 10, "unit_price_fen": 800 }],
    })
}

async fn opened(t: &TestApp, seller: &Seller, product: ProductId) -> Value {
    t.post("/group-purchases").by(&seller.clerk).json(offer(product)).await.created()
}

async fn join(t: &TestApp, buyer: &Buyer, group: &Value, packs: i64) -> Reply {
    let path = format!("/group-purchases/{}/join", group["id"].as_str().unwrap());
    let body = json!({ "packs": packs, "budget_id": buyer.budget, "deliver_to": "食堂" });
    t.post(&path).by(&buyer.officer).key(&fresh_key()).json(body).await
}

async fn shown(t: &TestApp, by: &Person, group: &Value) -> Value {
    t.get(&format!("/group-purchases/{}", group["id"].as_str().unwrap())).by(by).await.ok()
}

async fn request_of(t: &TestApp, buyer: &Buyer, group: &Value) -> Value {
    let own = shown(t, &buyer.officer, group).await["own"].clone();
    assert_eq!(own["state"], "ordered", "{own}");
    t.get(&format!("/purchase-requests/{}", own["request_id"].as_str().unwrap())).by(&buyer.officer).await.ok()
}

/// A group purchase that is open, for the tests that try every door.
pub(crate) async fn in_the_world(t: &TestApp, officer: &Person, clerks: &[&Person]) {
    let order = orderable(t, officer).await;
    let body = json!({ "product_id": order["lines"][0]["product_id"], "title": "团购", "max_packs": 9,
        "closes_at": t.clock.now() + chrono::Duration::days(3), "steps": [{ "from_packs": 2, "unit_price_fen": 100 }] });
    let mut offered = 0;
    for clerk in clerks {
        offered += i32::from(t.post("/group-purchases").by(clerk).json(body.clone()).await.status == 201);
    }
    assert!(offered > 0, "whoever sells it offers");
}

both! {
    async fn units_reach_a_price_together(t: TestApp) {
        let seller = Seller::open(t).await;
        let tea = seller.product(t, 1_000, 50).await;
        let (one, two, three) =
            (Buyer::with_budget(t, 10_000).await, Buyer::with_budget(t, 10_000).await, Buyer::with_budget(t, 10_000).await);
        let group = opened(t, &seller, tea).await;
        let first = join(t, &one, &group, 4).await.ok();
        assert_eq!((&first["joined_packs"], &first["present_price_fen"]), (&json!(4), &Value::Null));
        // The highest price is kept, and the packs are held.
        assert_eq!((one.budget(t).await, stock(t, tea).await), ((6_400, 3_600, 0), (50, 4)));
        join(t, &one, &group, 1).await.refused(409, "joined_already");
        join(t, &two, &group, 6).await.ok();
        join(t, &three, &group, 5).await.ok();
        assert_sound(t).await;
        let leave = format!("/group-purchases/{}/leave", group["id"].as_str().unwrap());
        t.post(&leave).by(&three.officer).key("l").json(json!({ "reason": "不需要了" })).await.ok();
        t.post(&leave).by(&three.officer).key("m").json(json!({})).await.refused(404, "not_found");
        assert_eq!(three.budget(t).await, (10_000, 0, 0));
        let open = shown(t, &two.officer, &group).await;
        assert_eq!((&open["joined_packs"], &open["joined_units"], &open["present_price_fen"]), (&json!(10), &json!(2), &json!(800)));
        t.clock.set("2026-03-05T02:00:00Z".parse().unwrap());
        join(t, &three, &group, 1).await.refused(409, "deadline_over");
        tick(t).await;
        let closed = shown(t, &one.officer, &group).await;
        assert_eq!((&closed["state"], &closed["reached_fen"]), (&json!("succeeded"), &json!(800)));
        assert_eq!((one.budget(t).await, two.budget(t).await), ((6_800, 3_200, 0), (5_200, 4_800, 0)));
        assert_eq!(stock(t, tea).await, (50, 10));
        for buyer in [&one, &two] {
            let request = request_of(t, buyer, &group).await;
            assert_eq!(request["way"], "group");
            let paid = complete(t, &seller, buyer, &request).await;
            assert_eq!((&paid["lines"][0]["price_basis"], &paid["lines"][0]["unit_price_fen"]), (&json!("group"), &json!(800)));
            assert_eq!(method(t, &request).await, ("direct".to_owned(), "团购（阶梯价）".to_owned()));
        }
        let mails = t.mails();
        assert_eq!(mails.iter().filter(|mail| mail.contains("Message-ID: <group-settled.")).count(), 2);
    }

    async fn below_the_first_step_everybody_is_released(t: TestApp) {
        let seller = Seller::open(t).await;
        let tea = seller.product(t, 1_000, 50).await;
        let buyer = Buyer::with_budget(t, 10_000).await;
        let (small, other) = (opened(t, &seller, tea).await, opened(t, &seller, tea).await);
        join(t, &buyer, &small, 4).await.ok();
        join(t, &buyer, &other, 6).await.ok();
        let path = format!("/group-purchases/{}/cancel", other["id"].as_str().unwrap());
        let cancel = |by: &Person, version: &str| t.post(&path).by(by).if_match(version).json(json!({ "reason": "减产" }));
        let stranger = Seller::open(t).await;
        cancel(&stranger.clerk, "\"1\"").await.refused(404, "not_found");
        cancel(&seller.clerk, "\"1\"").await.ok();
        cancel(&seller.clerk, "\"2\"").await.refused(409, "wrong_state");
        join(t, &buyer, &other, 1).await.refused(409, "wrong_state");
        t.clock.set("2026-03-05T02:00:00Z".parse().unwrap());
        tick(t).await;
        for (group, state, reason) in [(&small, "failed", "未达到起团件数"), (&other, "cancelled", "减产")] {
            let closed = shown(t, &buyer.officer, group).await;
            assert_eq!((&closed["state"], &closed["own"]["state"]), (&json!(state), &json!("released")));
            assert_eq!(closed["own"]["reason"], reason);
        }
        assert_eq!((buyer.budget(t).await, stock(t, tea).await), ((10_000, 0, 0), (50, 0)));
        assert_sound(t).await;
    }

    /// Two servers close it at the same moment: once, and each part once.
    async fn it_is_closed_once_however_many_servers_there_are(t: TestApp) {
        let seller = Seller::open(t).await;
        let tea = seller.product(t, 1_000, 50).await;
        let mut buyers = Vec::new();
        for _ in 0..6 {
            buyers.push(Buyer::with_budget(t, 10_000).await);
        }
        let group = opened(t, &seller, tea).await;
        let joined = join_all(buyers.iter().map(|buyer| join(t, buyer, &group, 2))).await;
        assert!(joined.iter().all(|reply| reply.status == 200));
        t.clock.set("2026-03-05T02:00:00Z".parse().unwrap());
        let config = liannong::config::Config { data: t.folder().into(), ..t.app.config.clone() };
        let other = TestApp::configured(t, config).await;
        // Not by the plan, where one of them takes the turn: both at once, whatever the plan says.
        use liannong::purchase::group::clock::run;
        let (one, two) = futures_util::join!(run(&t.app), run(&other.app));
        one.and(two).unwrap();
        t.drain().await;
        assert_eq!(entity::order_group::Entity::find().all(t.direct()).await.unwrap().len(), 6);
        for buyer in &buyers {
            assert_eq!(buyer.budget(t).await, (8_400, 1_600, 0));
        }
        let row = entity::group_purchase::Entity::find().one(t.direct()).await.unwrap().unwrap();
        assert_eq!((row.state, row.version), (GroupState::Succeeded, 2));
        assert_eq!(stock(t, tea).await, (50, 12));
        assert_sound(t).await;
    }

    /// Who wants more than is left is told, also when all come at once; and a product that is gone releases, with why.
    async fn nobody_gets_more_than_there_is(t: TestApp) {
        let seller = Seller::open(t).await;
        let tea = seller.product(t, 1_000, 12).await;
        let mut buyers = Vec::new();
        for _ in 0..5 {
            buyers.push(Buyer::with_budget(t, 3_000).await);
        }
        let group = opened(t, &seller, tea).await;
        join(t, &buyers[0], &group, 41).await.refused(409, "group_full");
        join(t, &buyers[0], &group, 4).await.refused(409, "budget_insufficient");
        let joined = join_all(buyers.iter().map(|buyer| join(t, buyer, &group, 3))).await;
        assert_eq!(joined.iter().filter(|reply| reply.status == 200).count(), 4);
        assert_eq!(stock(t, tea).await, (12, 12));
        t.sql("update product set state = 'off_shelf'").await.unwrap();
        t.clock.set("2026-03-05T02:00:00Z".parse().unwrap());
        tick(t).await;
        let closed = shown(t, &seller.clerk, &group).await;
        assert_eq!(closed["state"], "succeeded");
        assert_eq!(stock(t, tea).await, (12, 0));
        for buyer in &buyers {
            assert_eq!(buyer.budget(t).await, (3_000, 0, 0));
        }
        assert_sound(t).await;
    }

    /// Where somebody has to agree, the part waits for them at the price that was reached.
    async fn a_part_that_needs_approval_waits_for_it(t: TestApp) {
        let unit = Unit::open(t, 100_000).await;
        unit.rule(t, "科室审批", 1, json!([{ "role": "approver" }])).await;
        let group = opened(t, &unit.seller, unit.tea).await;
        join(t, &unit.buyer, &group, 5).await.ok();
        t.clock.set("2026-03-05T02:00:00Z".parse().unwrap());
        tick(t).await;
        let request = request_of(t, &unit.buyer, &group).await;
        assert_eq!((&request["state"], &request["total_fen"]), (&json!("waiting"), &json!(4_500)));
        let placed = decide(t, &unit.approver, &request, "approve", json!({})).await.ok();
        complete(t, &unit.seller, &unit.buyer, &placed).await;
    }

    async fn only_whoever_sells_offers_and_steps_fall(t: TestApp) {
        let (seller, other) = (Seller::open(t).await, Seller::open(t).await);
        let (tea, foreign) = (seller.product(t, 1_000, 50).await, other.product(t, 1_000, 50).await);
        let post = |by: &Person, body: Value| t.post("/group-purchases").by(by).json(body);
        post(&seller.clerk, offer(foreign)).await.refused(400, "invalid_fields");
        let buyer = Buyer::with_budget(t, 1).await;
        post(&buyer.officer, offer(tea)).await.refused(403, "forbidden");
        let mut odd = offer(tea);
        odd["steps"][1]["unit_price_fen"] = json!(900);
        odd["max_packs"] = json!(9);
        let refused = post(&seller.clerk, odd).await.refused(400, "invalid_fields");
        let at: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
        assert_eq!(at, ["/steps/1", "/max_packs"]);
        let group = opened(t, &seller, tea).await;
        let enterprise = t.organisation(OrganisationKind::Enterprise, "330106").await;
        let enterprise = t.member(Role::EnterpriseOfficer, enterprise).await;
        let path = format!("/group-purchases/{}/join", group["id"].as_str().unwrap());
        let part = json!({ "packs": 5, "deliver_to": "杭州" });
        t.post(&path).by(&enterprise).key("e").json(part.clone()).await.ok();
        t.post(&path).by(&buyer.officer).key("u").json(part).await.refused(422, "budget_required");
        assert_eq!(t.get("/group-purchases?state=open").by(&buyer.officer).await.ok()["items"][0]["own"], Value::Null);
        assert_eq!(t.get("/group-purchases").by(&other.clerk).await.ok()["items"], json!([]));
        t.clock.set("2026-03-05T02:00:00Z".parse().unwrap());
        let turns = jobs::tick(&t.app, listeners::CLOCK).await.unwrap().0;
        assert!(turns.contains(&"purchase.minute"));
        assert_eq!(shown(t, &enterprise, &group).await["own"]["state"], "ordered");
    }
}

proptest! {
    /// More packs never cost more each, and nobody pays more than was kept of their budget.
    #[test]
    fn more_packs_never_cost_more(prices in proptest::collection::btree_map(1_i64..1_000, 1_i64..10_000, 1..8), packs in 0_i64..2_000, more in 0_i64..2_000) {
        let mut falling: Vec<i64> = prices.values().copied().collect();
        falling.sort_unstable();
        falling.dedup();
        let steps: Vec<_> = prices.keys().zip(falling.iter().rev()).map(|(from, price)| PriceStep {
            from: Packs::new(*from).unwrap(),
            price: Fen::new(*price).unwrap(),
        }).collect();
        prop_assert_eq!(fault(&steps), None);
        let price = |packs| reached(&steps, Packs::new(packs).unwrap());
        if let Some(less) = price(packs) {
            prop_assert!(price(packs + more).unwrap() <= less);
            prop_assert!(less <= highest(&steps).unwrap());
        } else {
            prop_assert!(packs < steps[0].from.get());
        }
    }
}
