//! Plans for products: the plan of a line is that of its product on the day of the order, for ever.

use crate::agreement::{approved, supplier};
use crate::harness::*;
use crate::market::{self, Market};
use crate::plans::accrued;
use crate::verify::{report, unlock};
use entity::value::ProductId;
use liannong::db::counting_statements;
use serde_json::{Value, json};

fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn fen(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no amount"))
}

pub(crate) fn plan(parts: [i64; 4], products: &[ProductId]) -> Value {
    let [produce, wages, dividend, rent] = parts;
    let mut plan = json!({ "produce_bp": produce, "wages_bp": wages, "dividend_bp": dividend, "rent_bp": rent });
    if !products.is_empty() {
        plan["product_ids"] = json!(products);
    }
    plan
}

pub(crate) async fn in_force(t: &TestApp, market: &Market, wanted: Value) -> Value {
    let made = t.post("/plans").by(&market.supplier.clerk).json(wanted).await.created();
    approved(t, &market.county, &made).await
}

async fn shown(t: &TestApp, market: &Market, plan: &Value) -> Value {
    t.get(&format!("/plans/{}", plan["id"].as_str().unwrap())).by(&market.supplier.clerk).await.ok()
}

/// A market with a second product, whose lot is of the same two growers.
pub(crate) async fn with_two_products(t: &TestApp) -> (Market, ProductId, String) {
    let market = Market::with_enterprise(t).await;
    let other = market::product(t, &market.supplier).await;
    let parts = [(market.agreements[0], 2_000_000, 500), (market.agreements[1], 2_000_000, 500)];
    let lot = market::lot(t, &market.supplier, other, parts).await;
    (market, other, lot)
}

pub(crate) async fn placed(t: &TestApp, market: &Market, lines: &[(ProductId, i64)]) -> Value {
    let lines: Vec<Value> = lines.iter().map(|(id, packs)| json!({ "product_id": id, "packs": packs })).collect();
    let wanted = json!({ "deliver_to": "贵阳市林城东路 1 号", "lines": lines });
    let order = t.post("/orders").by(&market.buyer).key(&key()).json(wanted).await.created();
    assert_eq!(order["supplier_orders"].as_array().unwrap().len(), 1, "one supplier, one order: {order}");
    order["supplier_orders"][0].clone()
}

/// Confirms, ships out of these lots and has accepted so many of each line.
pub(crate) async fn accepted(t: &TestApp, market: &Market, order: &Value, lots: &[&str], packs: &[i64]) -> Value {
    let path = format!("/supplier-orders/{}", order["id"].as_str().unwrap());
    let clerk = &market.supplier.clerk;
    let order = t.post(&format!("{path}/confirm")).by(clerk).version(&order["version"]).await.ok();
    let lines = order["lines"].as_array().unwrap();
    let sent: Vec<Value> = lines
        .iter()
        .zip(lots)
        .map(|(line, lot)| json!({ "line_id": line["id"], "lot_id": lot, "packs": line["packs"] }))
        .collect();
    let shipment = json!({ "carrier": "中国邮政", "tracking_number": "EA123456789CN", "lots": sent });
    let sent =
        t.post(&format!("{path}/ship")).by(clerk).key(&key()).version(&order["version"]).json(shipment).await.ok();
    let judged: Vec<Value> = lines
        .iter()
        .zip(packs)
        .map(|(line, packs)| {
            let mut judged = json!({ "line_id": line["id"], "accepted_packs": packs });
            if line["packs"] != json!(packs) {
                judged["refusal_reason"] = json!("外箱破损");
            }
            judged
        })
        .collect();
    let accept = t.post(&format!("{path}/accept")).by(&market.buyer).key(&key()).version(&sent["version"]);
    let order = accept.json(json!({ "lines": judged })).await.ok();
    let invoice = market.invoice_for(t, &order).await;
    t.post(&format!("{path}/invoice")).by(clerk).key(&key()).version(&order["version"]).json(invoice).await.created();
    order
}

fn parts(run: &Value) -> Vec<(Value, i64)> {
    let parts = run["parts"].as_array().unwrap();
    parts.iter().map(|part| (part["plan"]["id"].clone(), fen(&part["attributable_fen"]))).collect()
}

both! {
    /// Two products under two plans in one order: each line by its own, to the fen, and verification follows.
    async fn an_order_under_two_plans_is_shared_by_each(t: TestApp) {
        let (market, other, lot) = with_two_products(t).await;
        let own = in_force(t, &market, plan([9000, 0, 0, 0], &[other])).await;
        assert_eq!(own["products"], json!([{ "product_id": other, "in_force": true }]));
        let order = placed(t, &market, &[(market.product, 4), (other, 6)]).await;
        let lines = order["lines"].as_array().unwrap();
        assert_eq!((&lines[0]["plan_id"], &lines[1]["plan_id"]), (&Value::Null, &own["id"]));
        // Replaced after the order was placed: it governs the line all the same.
        let later = in_force(t, &market, plan([100, 0, 0, 0], &[other])).await;
        assert_eq!(shown(t, &market, &own).await["state"], "superseded");
        in_force(t, &market, plan([200, 0, 0, 0], &[])).await;
        let order = accepted(t, &market, &order, &[&market.lot, &lot], &[3, 5]).await;
        market.pay(t, &[&order]).await;
        let run = accrued(t, &market, &order).await;
        let shared = parts(&run);
        assert_eq!(shared[1], (own["id"].clone(), 5 * market::PACK_FEN));
        assert_eq!((shared.len(), shared[0].1), (2, 3 * market::PACK_FEN));
        assert_ne!(shared[0].0, own["id"]);
        let part = &run["parts"][1];
        let first = usize::try_from(fen(&part["first_line"])).unwrap() - 1;
        let of_part = &run["shares"].as_array().unwrap()[first..];
        assert_eq!(of_part.len(), usize::try_from(fen(&part["lines"])).unwrap());
        let got: i64 = of_part.iter().map(|share| fen(&share["amount_fen"])).sum();
        // Nine tenths of 290.05 are 261.045: the odd half fen goes to the earlier pool.
        assert_eq!(got, (5 * market::PACK_FEN * 9 + 5) / 10);
        assert_eq!(got + fen(&part["retained_fen"]), 5 * market::PACK_FEN);
        // Of the second product both delivered alike; wages and dividend come from the first plan alone.
        assert!(of_part.iter().all(|share| share["mode"] == "produce_purchase"));
        assert!((fen(&of_part[0]["amount_fen"]) - fen(&of_part[1]["amount_fen"])).abs() <= 1);
        let sound = report(t).await;
        assert!(sound.is_sound(), "{sound}");
        // Whoever puts a line under another plan behind the house's back is found.
        t.sql("update order_line set plan_id = null where line_no = 2").await.unwrap();
        assert_eq!(report(t).await.fault.unwrap().table, "share_run");
        let other_plan = format!("(select id from plan where number = {})", later["number"]);
        t.sql(&format!("update order_line set plan_id = {other_plan} where line_no = 2")).await.unwrap();
        assert!(!report(t).await.is_sound());
    }

    /// Paid in parts and given back in part, the end is that of the whole: what is paid is divided by what the lines
    /// are worth, whatever came before.
    async fn parts_of_a_payment_are_those_of_the_whole(t: TestApp) {
        let (market, other, lot) = with_two_products(t).await;
        in_force(t, &market, plan([9000, 0, 0, 0], &[other])).await;
        let order = placed(t, &market, &[(market.product, 2), (other, 2)]).await;
        let order = accepted(t, &market, &order, &[&market.lot, &lot], &[2, 2]).await;
        let total = 4 * market::PACK_FEN;
        let pay = async |amount: i64| {
            let code = order["transfer_code"].as_str().unwrap();
            let payer = order["buyer_name"].as_str().unwrap();
            let row = format!("2026-03-02,{payer},6222,{}.{:02},货款{code}号,{}", amount / 100, amount % 100, key());
            market.import(t, &key(), "流水", &market::csv(&[row])).await.created();
            t.drain().await;
        };
        pay(1_001).await;
        let shown = t.get(&format!("/supplier-orders/{}/shares", order["id"].as_str().unwrap())).by(&market.supplier.clerk).await.ok();
        let run = shown["runs"].as_array().unwrap().iter().rev().find(|run| run["basis"] == "accrued").unwrap();
        assert_eq!(parts(run).iter().map(|(_, amount)| amount).sum::<i64>(), 1_001);
        assert!(report(t).await.is_sound(), "{}", report(t).await);
        pay(total - 1_001).await;
        let shown = t.get(&format!("/supplier-orders/{}/shares", order["id"].as_str().unwrap())).by(&market.supplier.clerk).await.ok();
        let run = shown["runs"].as_array().unwrap().iter().rev().find(|run| run["basis"] == "accrued").unwrap();
        assert_eq!(parts(run).iter().map(|(_, amount)| *amount).collect::<Vec<_>>(), [2 * market::PACK_FEN; 2]);
        assert!(report(t).await.is_sound(), "{}", report(t).await);
        // The second product is credited: its part shrinks, the other does not.
        let path = format!("/supplier-orders/{}", order["id"].as_str().unwrap());
        let now = t.get(&path).by(&market.supplier.clerk).await.ok();
        let credit = json!({ "reason": "让价", "lines": [{ "line_id": now["lines"][1]["id"], "amount_fen": 1_000 }] });
        let credit = t.post(&format!("{path}/credits")).by(&market.supplier.clerk).key(&key()).version(&now["version"]).json(credit);
        credit.await.ok();
        t.drain().await;
        let shown = t.get(&format!("/supplier-orders/{}/shares", order["id"].as_str().unwrap())).by(&market.supplier.clerk).await.ok();
        for basis in ["promised", "accrued"] {
            let run = shown["runs"].as_array().unwrap().iter().rev().find(|run| run["basis"] == basis).unwrap();
            let amounts: Vec<i64> = parts(run).iter().map(|(_, amount)| *amount).collect();
            assert_eq!(amounts, [2 * market::PACK_FEN, 2 * market::PACK_FEN - 1_000], "{basis}");
        }
        assert!(report(t).await.is_sound(), "{}", report(t).await);
    }

    /// A plan is replaced product by product, and falls back to the supplier's where a product has none.
    async fn plans_are_replaced_product_by_product(t: TestApp) {
        let (market, other, _) = with_two_products(t).await;
        let third = market::product(t, &market.supplier).await;
        let both = in_force(t, &market, plan([9000, 0, 0, 0], &[other, third])).await;
        let one = in_force(t, &market, plan([8000, 0, 0, 0], &[other])).await;
        let now = shown(t, &market, &both).await;
        assert_eq!(now["state"], "approved");
        let in_force_for: Vec<_> = now["products"].as_array().unwrap().iter()
            .filter(|row| row["in_force"] == true).map(|row| row["product_id"].clone()).collect();
        assert_eq!(in_force_for, [json!(third)]);
        let order = placed(t, &market, &[(third, 1), (other, 1), (market.product, 1)]).await;
        let lines = order["lines"].as_array().unwrap();
        assert_eq!((&lines[0]["plan_id"], &lines[1]["plan_id"]), (&Value::Null, &one["id"]));
        assert!(lines[2]["plan_id"].is_string() && lines[2]["plan_id"] != one["id"]);
        in_force(t, &market, plan([7000, 0, 0, 0], &[third])).await;
        assert_eq!(shown(t, &market, &both).await["state"], "superseded");
        assert_eq!(shown(t, &market, &one).await["state"], "approved");
        // Anybody may read for which products a plan is.
        let open = t.get(&format!("/published-plans/{}", one["id"].as_str().unwrap())).await.ok();
        assert_eq!(open["products"], json!([{ "product_id": other, "in_force": true }]));
        // A supplier without a general plan sells what has a plan of its own, and nothing else.
        t.sql("update plan set state = 'superseded' where for_products = false").await.unwrap();
        placed(t, &market, &[(other, 1)]).await;
        let wanted = json!({ "deliver_to": "贵阳市", "lines": [{ "product_id": other, "packs": 1 }, { "product_id": market.product, "packs": 1 }] });
        let refused = t.post("/orders").by(&market.buyer).key(&key()).json(wanted).await.refused(422, "supplier_without_plan");
        assert_eq!(refused["errors"][0]["pointer"], "/lines/1/product_id");
    }

    async fn a_plan_for_others_products_is_refused(t: TestApp) {
        let (market, other, _) = with_two_products(t).await;
        let rival = supplier(t, "522625").await;
        let foreign = market::product(t, &rival).await;
        let clerk = &market.supplier.clerk;
        for (products, pointer) in [
            (json!([]), "/product_ids"),
            (json!([other, other]), "/product_ids"),
            (json!([other, foreign]), "/product_ids/1"),
            (json!([ProductId::generate()]), "/product_ids/0"),
        ] {
            let mut wanted = plan([5000, 0, 0, 0], &[]);
            wanted["product_ids"] = products;
            let refused = t.post("/plans").by(clerk).json(wanted).await.refused(400, "invalid_fields");
            assert_eq!(refused["errors"][0]["pointer"], pointer);
        }
    }

    /// However many lines and plans an order has, placing it asks as often; and settling it does not ask by the line.
    async fn statements_do_not_grow_with_lines_under_other_plans(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        let mut products = Vec::new();
        for _ in 0..12 {
            products.push(market::product(t, &market.supplier).await);
        }
        for pair in products.chunks(6) {
            in_force(t, &market, plan([5000, 0, 0, 0], pair)).await;
        }
        let mut asked = Vec::new();
        for some in [&products[..2], &products[..]] {
            let lines: Vec<Value> = some.iter().map(|id| json!({ "product_id": id, "packs": 1 })).collect();
            let wanted = json!({ "deliver_to": "贵阳市", "lines": lines });
            t.open_session(&market.buyer).await;
            let call = t.post("/orders").by(&market.buyer).key(&key()).json(wanted);
            let (reply, statements) = counting_statements(async { call.await }).await;
            reply.created();
            asked.push(statements);
        }
        assert_eq!(asked[0], asked[1]);
        unlock(t, "plan_product").await;
        assert!(report(t).await.is_sound(), "{}", report(t).await);
    }
}
