//! What is agreed on beside the price when products are ordered: what carrying them costs, and how many one buyer gets.

use crate::harness::*;
use crate::instalments::{Trade, budget};
use crate::market::{Market, PACK_FEN as P};
use crate::procurement::{assert_sound, fresh_key};
use entity::product_sheet;
use entity::value::{Packs, ProductKind, ShareBasis, StorageKind};
use liannong::attribution::find_run;
use liannong::db::counting_statements;
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

/// What carrying four packs, ten kilograms, costs within the province: 6 yuan, and 1 for each of nine kilograms more.
const CARRIED: i64 = 1_500;

/// The market's product travels by weight within the province and to Beijing, and perhaps one buyer gets only so many.
async fn by_weight(t: &TestApp, market: &Market, limit: Option<i64>) {
    let rates = json!([
        { "provinces": ["520000"], "first_grams": 1000, "first_fen": 600, "next_grams": 1000, "next_fen": 100 },
        { "provinces": ["110000"], "first_grams": 1000, "first_fen": 1200, "next_grams": 500, "next_fen": 300 },
    ]);
    let body = json!({ "name": "常温快递", "rates": rates });
    let template = t.post("/supplier/freight-templates").by(&market.supplier.clerk).json(body).await.created();
    let row = product_sheet::Model {
        product_id: market.product,
        supplier_id: market.supplier.id,
        kind: ProductKind::Primary,
        pack_unit: "箱".to_owned(),
        pieces: None,
        brand: None,
        taste: None,
        packaging: None,
        processing_county_code: None,
        buyer_limit_packs: limit.map(|limit| Packs::new(limit).unwrap()),
        season_months: 0,
        monthly_capacity_packs: None,
        storage: StorageKind::Ambient,
        freight_template_id: Some(template["id"].as_str().unwrap().parse().unwrap()),
        lists_on_approval: true,
        same_key: fresh_key(),
        off_reason: None,
    };
    product_sheet::Entity::insert(row.into_active_model()).exec_without_returning(t.direct()).await.unwrap();
}

fn wanted(market: &Market, packs: i64, place: Option<&str>) -> Value {
    json!({
        "deliver_to": "机关食堂", "deliver_to_code": place, "budget_id": market.budget,
        "lines": [{ "product_id": market.product, "packs": packs }],
    })
}

async fn shared(t: &TestApp, trade: &Trade<'_>, basis: ShareBasis) -> i64 {
    t.drain().await;
    let run = find_run(t.app.reader(), trade.id.parse().unwrap(), basis).await.unwrap();
    run.map_or(0, |run| run.attributable_fen.get())
}

both! {
    /// Carriage is bound, owed once with the first goods that are kept, invoiced and paid with them; households share in
    /// what the goods cost, which is paid for first.
    async fn an_order_costs_its_goods_and_their_carriage(t: TestApp) {
        let market = Market::with_unit(t).await;
        by_weight(t, &market, None).await;
        let (granted, ..) = budget(t, &market).await;
        let trade = Trade::confirmed(t, &market, 4).await;
        let shown = trade.read(t).await;
        assert_eq!((&shown["freight_fen"], &shown["total_fen"]), (&json!(CARRIED), &json!(4 * P + CARRIED)));
        assert_eq!(budget(t, &market).await, (granted - 4 * P - CARRIED, 4 * P + CARRIED, 0));
        trade.ship(t, 2, true).await.ok();
        let first = trade.accept(t, 2, false, None).await.ok();
        assert_eq!(first["accepted_fen"], 2 * P + CARRIED);
        trade.ship(t, 2, false).await.ok();
        let second = trade.accept(t, 1, false, None).await.ok();
        assert_eq!(second["accepted_fen"], 3 * P + CARRIED);
        assert_eq!(budget(t, &market).await, (granted - 3 * P - CARRIED, 3 * P + CARRIED, 0));
        assert_eq!(shared(t, &trade, ShareBasis::Promised).await, 3 * P);
        trade.invoice(t, 3 * P + CARRIED).await.created();
        trade.pay(t, 2 * P).await;
        assert_eq!(shared(t, &trade, ShareBasis::Accrued).await, 2 * P, "goods are paid for first");
        trade.pay(t, P + CARRIED).await;
        assert_eq!(shared(t, &trade, ShareBasis::Accrued).await, 3 * P);
        assert_eq!(trade.read(t).await["state"], "paid");
        assert_eq!(budget(t, &market).await, (granted - 3 * P - CARRIED, 0, 3 * P + CARRIED));
        assert_sound(t).await;
        // Goods that go back are credited; they were carried all the same.
        let back = trade.give_back(t, 3, "restocked").await;
        assert_eq!((&back["credited_fen"], &back["paid_fen"], &back["state"]), (&json!(3 * P), &json!(CARRIED), &json!("paid")));
        assert_eq!(shared(t, &trade, ShareBasis::Accrued).await, 0);
        assert_sound(t).await;
    }

    /// An order that ends without any goods owes no carriage: called off, amended to nothing, or refused.
    async fn what_never_came_is_not_carried(t: TestApp) {
        let market = Market::with_unit(t).await;
        by_weight(t, &market, None).await;
        let before = budget(t, &market).await;
        let called_off = Trade::confirmed(t, &market, 4).await;
        called_off.act(t, &market.buyer, "/cancel", json!({ "reason": "食堂停业" })).await.ok();
        assert_eq!(budget(t, &market).await, before);
        let amended = Trade::confirmed(t, &market, 4).await;
        amended.amend(t, 1).await.ok();
        assert_eq!(amended.amend(t, 3).await.ok()["state"], "cancelled");
        assert_eq!(budget(t, &market).await, before);
        let refused = Trade::confirmed(t, &market, 4).await;
        refused.ship(t, 3, true).await.ok();
        refused.accept(t, 0, false, None).await.ok();
        assert_ne!(budget(t, &market).await, before, "one more pack may come");
        assert_eq!(refused.amend(t, 1).await.ok()["state"], "refused");
        assert_eq!(budget(t, &market).await, before);
        let at_once = Trade::confirmed(t, &market, 4).await;
        at_once.ship(t, 4, false).await.ok();
        assert_eq!(at_once.accept(t, 0, false, None).await.ok()["state"], "refused");
        assert_eq!(budget(t, &market).await, before);
        t.drain().await;
        assert_sound(t).await;
    }

    /// The buyer's own place unless another is named; where no rate goes, nothing is sold; a place that is not there is
    /// refused.
    async fn carriage_is_reckoned_for_the_place(t: TestApp) {
        let market = Market::with_unit(t).await;
        by_weight(t, &market, None).await;
        let order = async |place: Option<&str>| {
            t.post("/orders").by(&market.buyer).key(&fresh_key()).json(wanted(&market, 4, place)).await
        };
        let near = order(None).await.created();
        assert_eq!((&near["deliver_to_code"], &near["supplier_orders"][0]["freight_fen"]), (&json!("520100"), &json!(CARRIED)));
        let far = order(Some("110105")).await.created();
        assert_eq!((&far["deliver_to_code"], &far["supplier_orders"][0]["freight_fen"]), (&json!("110105"), &json!(1_200 + 18 * 300)));
        let refused = order(Some("540102")).await.refused(422, "not_delivered_there");
        assert_eq!(refused["errors"][0]["pointer"], "/lines/0/product_id");
        assert_eq!(order(Some("520199")).await.refused(400, "invalid_fields")["errors"][0]["pointer"], "/deliver_to_code");
        t.drain().await;
    }

    /// One statement answers all that an order rests on; only a limit for one buyer is asked for by itself.
    async fn carriage_costs_no_statement(t: TestApp) {
        let market = Market::with_unit(t).await;
        by_weight(t, &market, Some(10)).await;
        let call = t.post("/orders").by(&market.buyer).key(&fresh_key()).json(wanted(&market, 4, Some("110105")));
        let (reply, limited) = counting_statements(async { call.await }).await;
        reply.created();
        assert_eq!(limited, 13);
        let again = t.post("/orders").by(&market.buyer).key(&fresh_key()).json(wanted(&market, 7, None)).await;
        let refused = again.refused(422, "over_buyer_limit");
        assert_eq!(refused["errors"][0]["pointer"], "/lines/0/packs");
        t.sql("update product_sheet set buyer_limit_packs = null").await.unwrap();
        // What is left of it, so that it also sells out.
        t.sql("update product set on_hand_packs = reserved_packs + 4").await.unwrap();
        let call = t.post("/orders").by(&market.buyer).key(&fresh_key()).json(wanted(&market, 4, Some("110105")));
        let (reply, unlimited) = counting_statements(async { call.await }).await;
        reply.created();
        assert_eq!(unlimited, 12);
        t.drain().await;
        assert_sound(t).await;
    }
}
