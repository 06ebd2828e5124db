//! What is agreed on beside the price when products are ordered: what carrying them costs, and how many one buyer gets.

use crate::approval::{Unit, decide};
use crate::harness::*;
use crate::instalments::{Trade, budget};
use crate::market::{Market, PACK_FEN as P};
use crate::procurement::{assert_sound, fresh_key};
use entity::product_sheet;
use entity::value::{Packs, ProductId, ProductKind, QuotaFigure, ShareBasis, StorageKind};
use liannong::attribution::find_run;
use liannong::db::counting_statements;
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

/// What carrying four packs, ten kilograms, costs within the province: 6 yuan, and 1 for each of nine kilograms more.
const CARRIED: i64 = 1_500;

/// The market's product travels by weight within the province and to Beijing, and perhaps one buyer gets only so many.
async fn by_weight(t: &TestApp, market: &Market, limit: Option<i64>) {
    travels(t, &market.supplier.clerk, market.product, limit).await;
}

/// A product of a clerk's supplier travels by weight within the province and to Beijing: see [`CARRIED`].
pub(crate) async fn travels(t: &TestApp, clerk: &Person, product: ProductId, limit: Option<i64>) {
    let rates = json!([
        { "provinces": ["520000"], "first_grams": 1000, "first_fen": 600, "next_grams": 1000, "next_fen": 100 },
        { "provinces": ["110000"], "first_grams": 1000, "first_fen": 1200, "next_grams": 500, "next_fen": 300 },
    ]);
    let body = json!({ "name": "常温快递", "rates": rates });
    let template = t.post("/supplier/freight-templates").by(clerk).json(body).await.created();
    let row = product_sheet::Model {
        product_id: product,
        supplier_id: clerk.member.organisation,
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

async fn figure(t: &TestApp, wanted: QuotaFigure) -> i64 {
    t.drain().await;
    let rows = entity::quota_entry::Entity::find().all(t.direct()).await.unwrap();
    rows.iter().filter(|row| row.figure == wanted).map(|row| row.amount_fen).sum()
}

/// Goods that go back for this reason, by a supplier who bears their carriage or does not say so.
async fn goes_back(t: &TestApp, trade: &Trade<'_>, packs: i64, kind: &str, bears: bool) -> Value {
    let line = trade.line(t).await;
    let body = json!({ "kind": kind, "reason": "与约定不符", "lines": [{ "line_id": line, "packs": packs }] });
    let asked = trade.act(t, &trade.market.buyer, "/returns", body).await.ok();
    let number = asked["returns"].as_array().unwrap().len();
    let body = json!({ "lines": [{ "line_id": line, "disposition": "written_off" }], "bears_freight": bears });
    trade.act(t, &trade.market.supplier.clerk, &format!("/returns/{number}/receive"), body).await.ok()
}

/// An order of four packs of which all are accepted.
async fn kept<'m>(t: &TestApp, market: &'m Market) -> Trade<'m> {
    let trade = Trade::confirmed(t, market, 4).await;
    trade.ship(t, 4, false).await.ok();
    trade.accept(t, 4, false, None).await.ok();
    trade
}

both! {
    /// Who bears the carriage of what goes back: the supplier, when the goods are not what was ordered or it says so; else
    /// the buyer had them carried. It is decided once nothing is to come any more.
    async fn carriage_falls_with_the_last_goods(t: TestApp) {
        let market = Market::with_unit(t).await;
        by_weight(t, &market, None).await;
        let (all, ..) = budget(t, &market).await;
        let money = |shown: &Value| (shown["credited_fen"].as_i64().unwrap(), shown["open_fen"].as_i64().unwrap());
        // The buyer's reason: four packs are credited, their carriage is owed.
        let own = kept(t, &market).await;
        assert_eq!(money(&goes_back(t, &own, 4, "other", false).await), (4 * P, CARRIED));
        assert_eq!(budget(t, &market).await, (all - CARRIED, CARRIED, 0));
        own.invoice(t, CARRIED).await.created();
        assert_eq!(own.pay(t, CARRIED).await, 1);
        assert_eq!((own.read(t).await["state"].clone(), shared(t, &own, ShareBasis::Accrued).await), (json!("paid"), 0));
        let all = all - CARRIED;
        // The supplier bears it all the same, or has to.
        for (kind, bears) in [("other", true), ("quality", false), ("wrong_goods", false)] {
            let trade = kept(t, &market).await;
            let back = goes_back(t, &trade, 4, kind, bears).await;
            assert_eq!((money(&back), &back["state"]), ((4 * P + CARRIED, 0), &json!("returned")), "{kind}");
            assert_eq!(back["returns"][0]["bears_freight"], true);
            assert_eq!(budget(t, &market).await, (all, 0, CARRIED), "{kind}");
        }
        // Part of them at the buyer's cost: somebody had something carried for nothing, and it was the buyer.
        let both = kept(t, &market).await;
        goes_back(t, &both, 1, "other", false).await;
        assert_eq!(money(&goes_back(t, &both, 3, "damaged", false).await), (4 * P, CARRIED));
        both.invoice(t, CARRIED).await.created();
        both.pay(t, CARRIED).await;
        let all = all - CARRIED;
        // As long as something may come, it is open who bears it: amended away, or refused, everything has gone back.
        for is_amended in [true, false] {
            let trade = Trade::confirmed(t, &market, 4).await;
            trade.ship(t, 3, true).await.ok();
            trade.accept(t, 3, false, None).await.ok();
            assert_eq!(money(&goes_back(t, &trade, 3, "quality", false).await), (3 * P, CARRIED));
            let over = if is_amended {
                trade.amend(t, 1).await.ok()
            } else {
                trade.ship(t, 1, false).await.ok();
                trade.accept(t, 0, false, None).await.ok()
            };
            assert_eq!((money(&over), &over["state"]), ((3 * P + CARRIED, 0), &json!("returned")));
            assert_eq!(budget(t, &market).await, (all, 0, 2 * CARRIED));
        }
        assert_eq!(figure(t, QuotaFigure::Accepted).await, 2 * CARRIED);
        assert_sound(t).await;
    }

    /// What was paid goes to the goods first: what stood for the carriage while there were none, since they went back, is
    /// shared once there are goods again.
    async fn what_was_paid_goes_to_goods_that_come_later(t: TestApp) {
        let market = Market::with_unit(t).await;
        by_weight(t, &market, None).await;
        let trade = Trade::confirmed(t, &market, 4).await;
        trade.ship(t, 1, true).await.ok();
        trade.accept(t, 1, false, None).await.ok();
        trade.invoice(t, P + CARRIED).await.created();
        assert_eq!(trade.pay(t, P + CARRIED).await, 1);
        assert_eq!(shared(t, &trade, ShareBasis::Accrued).await, P);
        goes_back(t, &trade, 1, "other", false).await;
        assert_eq!(shared(t, &trade, ShareBasis::Accrued).await, 0);
        trade.ship(t, 3, false).await.ok();
        trade.accept(t, 3, false, None).await.ok();
        assert_eq!(shared(t, &trade, ShareBasis::Accrued).await, CARRIED);
        assert_sound(t).await;
    }

    /// Money first: with the carriage, and with the carriage it comes back.
    async fn carriage_is_paid_before_the_goods(t: TestApp) {
        let market = Market::with_unit(t).await;
        by_weight(t, &market, None).await;
        let (all, ..) = budget(t, &market).await;
        let mut first = wanted(&market, 4, None);
        first["terms"] = json!("pay_first");
        let placed = t.post("/orders").by(&market.buyer).key(&fresh_key()).json(first).await.created();
        let id = placed["supplier_orders"][0]["id"].as_str().unwrap().to_owned();
        let trade = Trade { market: &market, id };
        let confirmed = t.post(&trade.path("/confirm")).by(&market.supplier.clerk).if_match("\"1\"").await.ok();
        assert_eq!((&confirmed["state"], &confirmed["payable_fen"]), (&json!("awaiting_payment"), &json!(4 * P + CARRIED)));
        assert_eq!(trade.pay(t, 4 * P).await, 1);
        assert_eq!(trade.read(t).await["state"], "awaiting_payment", "the carriage is to be paid as well");
        trade.pay(t, CARRIED).await;
        assert_eq!(trade.read(t).await["state"], "confirmed");
        trade.ship(t, 4, false).await.ok();
        let kept = trade.accept(t, 3, false, None).await.ok();
        assert_eq!((&kept["paid_fen"], &kept["refund_owed_fen"]), (&json!(3 * P + CARRIED), &json!(P)));
        assert_eq!(shared(t, &trade, ShareBasis::Accrued).await, 3 * P);
        let back = goes_back(t, &trade, 3, "quality", false).await;
        assert_eq!((&back["state"], &back["refund_owed_fen"]), (&json!("returned"), &json!(4 * P + CARRIED)));
        trade.repay(t, 4 * P + CARRIED).await.created();
        assert_eq!((budget(t, &market).await, figure(t, QuotaFigure::Paid).await), ((all, 0, 0), 0));
        assert_eq!(shared(t, &trade, ShareBasis::Accrued).await, 0);
        assert_sound(t).await;
    }

    /// What is approved is goods and carriage; when the rates changed meanwhile, nobody agreed to that.
    async fn carriage_is_approved_with_the_goods(t: TestApp) {
        let unit = Unit::open(t, 100_000).await;
        unit.rule(t, "科室审批", 1, json!([{ "role": "approver" }])).await;
        travels(t, &unit.seller.clerk, unit.tea, None).await;
        let asked = unit.ask(t, 6).await.created();
        assert_eq!((&asked["state"], &asked["total_fen"]), (&json!("waiting"), &json!(6_000 + 1_100)));
        let again = unit.ask(t, 6).await.created();
        let placed = decide(t, &unit.approver, &asked, "approve", json!({})).await.ok();
        let order = t.get(&format!("/orders/{}", placed["order_id"].as_str().unwrap())).by(&unit.buyer.officer).await.ok();
        assert_eq!((&order["total_fen"], &order["supplier_orders"][0]["freight_fen"]), (&json!(7_100), &json!(1_100)));
        assert_eq!(unit.buyer.budget(t).await, (92_900, 7_100, 0));
        t.sql("update freight_rate set first_fen = first_fen + 50").await.unwrap();
        let refused = decide(t, &unit.approver, &again, "approve", json!({})).await.refused(409, "price_changed");
        assert_eq!(refused["detail"], "含运费合计由 71.00 元变为 71.50 元，须重新申请。");
        assert_eq!(unit.buyer.budget(t).await, (92_900, 7_100, 0));
        let back = decide(t, &unit.approver, &again, "return", json!({ "reason": "运费有变" })).await.ok();
        let asked = decide(t, &unit.buyer.officer, &back, "resubmit", json!({})).await.ok();
        assert_eq!(asked["total_fen"], 7_150);
        decide(t, &unit.approver, &asked, "approve", json!({})).await.ok();
        assert_eq!(unit.buyer.budget(t).await, (85_750, 14_250, 0));
        assert_sound(t).await;
    }

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
        // One goes back: the others were carried all the same. With the last, the carriage goes back as well.
        let back = trade.give_back(t, 1, "restocked").await;
        assert_eq!((&back["credited_fen"], &back["freight_credited_fen"]), (&json!(P), &json!(0)));
        let back = trade.give_back(t, 2, "restocked").await;
        assert_eq!((&back["credited_fen"], &back["freight_credited_fen"]), (&json!(3 * P + CARRIED), &json!(CARRIED)));
        assert_eq!((&back["paid_fen"], &back["state"]), (&json!(0), &json!("returned")));
        let kinds: Vec<_> = back["credits"].as_array().unwrap().iter().map(|credit| &credit["kind"]).collect();
        assert_eq!(kinds, ["return", "return", "freight"]);
        assert_eq!(shared(t, &trade, ShareBasis::Accrued).await, 0);
        trade.repay(t, 3 * P + CARRIED + 1).await.refused(422, "refund_exceeds_owed");
        trade.repay(t, 3 * P + CARRIED).await.created();
        assert_eq!(budget(t, &market).await, (granted, 0, 0));
        for of in [QuotaFigure::Accepted, QuotaFigure::Paid] {
            assert_eq!(figure(t, of).await, 0, "{of} after everything went back");
        }
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

    /// One statement answers all that an order rests on, what one buyer has of it this month among it.
    async fn carriage_costs_no_statement(t: TestApp) {
        let market = Market::with_unit(t).await;
        by_weight(t, &market, Some(10)).await;
        let call = t.post("/orders").by(&market.buyer).key(&fresh_key()).json(wanted(&market, 4, Some("110105")));
        let (reply, limited) = counting_statements(async { call.await }).await;
        reply.created();
        assert_eq!(limited, 12);
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
