//! What a supplier can deliver in a month is sold once, by whatever way it is bought (月供应能力).

use crate::harness::*;
use crate::procurement::{Buyer, Seller, accepting, act, assert_sound, fresh_key, packs, part, path_of, send, stock};
use crate::ways::tick;
use entity::product_sheet;
use entity::value::{Packs, ProductId, ProductKind, StorageKind};
use futures_util::future::join_all;
use liannong::catalogue::{CatalogueError, Want, within_capacity};
use liannong::db::counting_statements;
use proptest::prelude::{prop, prop_assert_eq, proptest};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use std::collections::HashMap;

/// A product of which so many packs can be had in a month.
async fn grown(t: &TestApp, seller: &Seller, capacity: i64) -> ProductId {
    let product = seller.product(t, 100, 1_000).await;
    let row = product_sheet::Model {
        product_id: product,
        supplier_id: seller.id,
        kind: ProductKind::Primary,
        pack_unit: "袋".to_owned(),
        pieces: None,
        brand: None,
        taste: None,
        packaging: None,
        processing_county_code: None,
        buyer_limit_packs: None,
        season_months: 0,
        monthly_capacity_packs: Some(packs(capacity)),
        storage: StorageKind::Ambient,
        freight_template_id: None,
        lists_on_approval: true,
        same_key: fresh_key(),
        off_reason: None,
    };
    product_sheet::Entity::insert(row.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
    product
}

async fn order(t: &TestApp, buyer: &Buyer, lines: &[(ProductId, i64)]) -> Reply {
    t.post("/orders").by(&buyer.officer).key(&fresh_key()).json(buyer.wanted(lines)).await
}

/// Refused with the numbers of its first line.
fn over(reply: Reply, capacity: i64, sold: i64) {
    let refused = reply.refused(422, "over_capacity");
    let said = format!("月供应能力为 {capacity} 件，本月已售 {sold} 件。");
    assert_eq!(
        (&refused["errors"][0]["pointer"], &refused["errors"][0]["detail"]),
        (&json!("/lines/0/packs"), &json!(said))
    );
}

fn path_to(kind: &str, object: &Value, act: &str) -> String {
    format!("/{kind}/{}/{act}", object["id"].as_str().unwrap())
}

both! {
    /// All buyers together get what there is of a month; what is called off, taken off or refused can be had again, and
    /// the next month begins at midnight in Shanghai.
    async fn no_more_is_sold_in_a_month_than_can_be_had(t: TestApp) {
        let (seller, one, two) = (Seller::open(t).await, Buyer::with_budget(t, 100_000).await, Buyer::with_budget(t, 100_000).await);
        let tea = grown(t, &seller, 10).await;
        let first = order(t, &one, &[(tea, 6)]).await.created();
        let before = (stock(t, tea).await, two.budget(t).await);
        over(order(t, &two, &[(tea, 5)]).await, 10, 6);
        assert_eq!((stock(t, tea).await, two.budget(t).await), before, "a refused order holds nothing");
        let second = order(t, &two, &[(tea, 4)]).await.created();
        over(order(t, &one, &[(tea, 1)]).await, 10, 10);
        act(t, &one.officer, part(&first, 0), "/cancel", json!({ "reason": "食堂停业" })).await.ok();
        over(order(t, &one, &[(tea, 7)]).await, 10, 4);
        let third = order(t, &one, &[(tea, 6)]).await.created();
        let line = part(&third, 0)["lines"][0]["id"].clone();
        let less = json!({ "reason": "人数减少", "lines": [{ "line_id": line, "withdrawn_packs": 2 }] });
        act(t, &one.officer, part(&third, 0), "/amend", less).await.ok();
        over(order(t, &two, &[(tea, 3)]).await, 10, 8);
        // Of the four that are sent one is refused, and no other is sent for it.
        let shipped = send(t, &seller, part(&second, 0)).await;
        act(t, &two.officer, &shipped, "/accept", accepting(&shipped, &[3])).await.ok();
        order(t, &two, &[(tea, 3)]).await.created();
        over(order(t, &two, &[(tea, 1)]).await, 10, 10);
        t.clock.set("2026-03-31T15:59:59Z".parse().unwrap());
        over(order(t, &two, &[(tea, 1)]).await, 10, 10);
        t.clock.set("2026-03-31T16:00:00Z".parse().unwrap());
        order(t, &two, &[(tea, 10)]).await.created();
        over(order(t, &one, &[(tea, 1)]).await, 10, 10);
        t.drain().await;
        assert_sound(t).await;
    }

    /// Call-offs, standing orders, awards and group purchases come out of the same month.
    async fn every_way_to_buy_comes_out_of_the_same_month(t: TestApp) {
        let (seller, buyer) = (Seller::open(t).await, Buyer::with_budget(t, 1_000_000).await);
        let tea = grown(t, &seller, 10).await;
        let by = &buyer.officer;
        let lines = |packs: i64| json!([{ "product_id": tea, "packs": packs }]);
        let agreed = json!({
            "supplier_id": seller.id, "title": "茶叶供应", "valid_from": "2026-03-01", "valid_to": "2026-07-31",
            "ceiling_fen": 100_000, "lines": [{ "product_id": tea, "unit_price_fen": 90, "ceiling_packs": 100 }],
        });
        let framework = t.post("/frameworks").by(by).json(agreed).await.created();
        let answer = t.post(&path_to("frameworks", &framework, "answer")).by(&seller.clerk).version(&framework["version"]);
        answer.json(json!({ "agree": true })).await.ok();
        let weekly = json!({ "title": "每周茶叶", "budget_id": buyer.budget, "deliver_to": "食堂", "first_on": "2026-03-09",
            "last_on": "2026-03-10", "lead_days": 7, "lines": lines(3) });
        let standing = t.post("/standing-orders").by(by).json(weekly).await.created();
        tick(t).await;
        let standing = t.get(&format!("/standing-orders/{}", standing["id"].as_str().unwrap())).by(by).await.ok();
        let wanted = json!({ "title": "求购", "deliver_to": "食堂", "deadline": "2026-03-04T02:00:00Z", "min_quotations": 1,
            "invited": [], "lines": [{ "name": "绿茶", "category_code": "0803", "packs": 3, "ceiling_fen": 200 }] });
        let demand = t.post("/demands").by(by).json(wanted).await.created();
        let price = json!({ "prices": [{ "line_no": 1, "product_id": tea, "unit_price_fen": 95 }] });
        t.put(&path_to("open-demands", &demand, "quotation")).by(&seller.clerk).json(price).await.ok();
        let offer = json!({ "product_id": tea, "title": "团购", "closes_at": "2026-03-06T02:00:00Z", "max_packs": 9,
            "steps": [{ "from_packs": 2, "unit_price_fen": 80 }] });
        let group = t.post("/group-purchases").by(&seller.clerk).json(offer).await.created();
        t.clock.set("2026-03-04T02:00:00Z".parse().unwrap());
        let seen = t.get(&format!("/demands/{}", demand["id"].as_str().unwrap())).by(by).await.ok()["version"].clone();
        let open = t.post(&path_to("demands", &demand, "open")).by(by).key(&fresh_key()).version(&seen);
        let demand = open.json(json!(null)).await.ok();
        let quotations = t.get(&path_to("demands", &demand, "quotations")).by(by).await.ok();

        let sold = order(t, &buyer, &[(tea, 8)]).await.created();
        let call_off = async || {
            let body = json!({ "budget_id": buyer.budget, "deliver_to": "食堂", "lines": lines(3) });
            t.post(&path_to("frameworks", &framework, "call-offs")).by(by).key(&fresh_key()).json(body).await
        };
        let confirm = async || {
            let waits = &standing["call_offs"][0];
            let path = path_to("standing-call-offs", waits, "confirm");
            t.post(&path).by(by).key(&fresh_key()).version(&waits["version"]).json(json!({})).await
        };
        let award = async || {
            let body = json!({ "quotation_id": quotations["quotations"][0]["id"], "reason": "唯一报价且合格", "budget_id": buyer.budget });
            t.post(&path_to("demands", &demand, "award")).by(by).key(&fresh_key()).version(&demand["version"]).json(body).await
        };
        let join = async |packs: i64| {
            let body = json!({ "packs": packs, "budget_id": buyer.budget, "deliver_to": "食堂" });
            t.post(&path_to("group-purchases", &group, "join")).by(by).key(&fresh_key()).json(body).await
        };
        for refused in [call_off().await, confirm().await, award().await, join(3).await] {
            over(refused, 10, 8);
        }
        assert_eq!(stock(t, tea).await, (1_000, 8), "what is refused holds nothing");
        act(t, by, part(&sold, 0), "/cancel", json!({ "reason": "改为协议采购" })).await.ok();
        for done in [call_off().await, confirm().await, award().await] {
            assert_eq!(done.created()["state"], "placed");
        }
        over(join(2).await, 10, 9);
        let other = Buyer::with_budget(t, 100_000).await;
        act(t, by, part(&order_of_last(t, by).await, 0), "/cancel", json!({ "reason": "改为团购" })).await.ok();
        join(4).await.ok();
        // What one holds in a group purchase is not let to another.
        let body = json!({ "packs": 1, "budget_id": other.budget, "deliver_to": "食堂" });
        let late = t.post(&path_to("group-purchases", &group, "join")).by(&other.officer).key(&fresh_key()).json(body).await;
        over(late, 10, 10);
        t.clock.set("2026-03-06T02:00:00Z".parse().unwrap());
        tick(t).await;
        let own = t.get(&format!("/group-purchases/{}", group["id"].as_str().unwrap())).by(by).await.ok()["own"].clone();
        assert_eq!(own["state"], "ordered", "{own}");
        over(order(t, &other, &[(tea, 1)]).await, 10, 10);
        t.drain().await;
        assert_sound(t).await;
    }

    /// Twenty after the last five of the month at once: five get one, and the stock stays free for the next month.
    async fn the_last_packs_of_a_month_are_sold_once(t: TestApp) {
        let seller = Seller::open(t).await;
        let tea = grown(t, &seller, 5).await;
        let mut buyers = Vec::new();
        for _ in 0..5 {
            buyers.push(Buyer::with_budget(t, 10_000).await);
        }
        let one = [(tea, 1)];
        let replies = join_all((0..20).map(|at| order(t, &buyers[at % 5], &one))).await;
        let told = replies.iter().filter(|reply| reply.json()["code"] == "over_capacity").count();
        assert_eq!((replies.iter().filter(|reply| reply.status == 201).count(), told), (5, 15));
        assert_eq!(stock(t, tea).await, (1_000, 5));
        assert_sound(t).await;
    }

    /// Counting what went this month costs no statement, however many products have a capacity.
    async fn a_capacity_costs_no_statement(t: TestApp) {
        let (seller, buyer) = (Seller::open(t).await, Buyer::with_budget(t, 1_000_000).await);
        let free = seller.product(t, 100, 50).await;
        let mut lines = Vec::new();
        for _ in 0..20 {
            lines.push((grown(t, &seller, 10).await, 2));
        }
        for lines in [&[(free, 1)][..], &lines[..1], &lines[..]] {
            let (reply, statements) = counting_statements(order(t, &buyer, lines)).await;
            assert_eq!(reply.created()["supplier_orders"][0]["lines"].as_array().unwrap().len(), lines.len());
            assert_eq!(statements, 12, "{} lines", lines.len());
        }
    }
}

/// The order that was placed last.
async fn order_of_last(t: &TestApp, by: &Person) -> Value {
    let listed = t.get("/orders?limit=1").by(by).await.ok();
    let order = t.get(&format!("/orders/{}", listed["items"][0]["id"].as_str().unwrap())).by(by).await.ok();
    let shown = t.get(&path_of(part(&order, 0), "")).by(by).await.ok();
    json!({ "supplier_orders": [shown] })
}

proptest! {
    /// A line is refused exactly when its product would go beyond what is declared, all lines of it and all that was sold
    /// before together.
    #[test]
    fn what_goes_beyond_the_capacity_is_named(
        capacities in prop::collection::vec(prop::option::of(1_i64..50), 4),
        sold in prop::collection::vec(0_i64..50, 4),
        wanted in prop::collection::vec((0_usize..4, 1_i64..20), 1..8),
    ) {
        let ids: Vec<ProductId> = (1..5).map(|n| ProductId::from_uuid(uuid::Uuid::from_u128(n))).collect();
        let lines: Vec<(ProductId, Packs)> = wanted.iter().map(|(at, many)| (ids[*at], packs(*many))).collect();
        let declared: HashMap<_, _> =
            ids.iter().zip(&capacities).filter_map(|(id, most)| Some((*id, packs((*most)?)))).collect();
        let before: HashMap<_, _> = ids.iter().zip(&sold).map(|(id, many)| (*id, packs(*many))).collect();
        let named = match within_capacity(&lines, &declared, &before) {
            Ok(()) => Vec::new(),
            Err(CatalogueError::Short(short)) => short.into_iter().map(|short| (short.line, short.want)).collect(),
            Err(other) => panic!("{other}"),
        };
        let expected: Vec<_> = wanted.iter().enumerate().filter_map(|(line, (at, _))| {
            let all: i64 = wanted.iter().filter(|(other, _)| other == at).map(|(_, many)| many).sum();
            let capacity = capacities[*at].filter(|most| sold[*at] + all > *most)?;
            Some((line, Want::OverCapacity { capacity: packs(capacity), sold: packs(sold[*at]) }))
        }).collect();
        prop_assert_eq!(named, expected);
    }
}
