//! Orders that are paid first, and the clocks of all orders: what runs out acts once, and gives back all it held.

use crate::harness::*;
use crate::instalments::{Trade, pay};
use crate::market::{Market, PACK_FEN};
use crate::procurement::{assert_sound, fresh_key};
use chrono::Duration;
use entity::value::{AccountKind, Fen, OrderState, OrderTerms, QuotaFigure, ShareBasis, SupplierOrderId};
use entity::{order_clock, product, quota_entry, supplier_order};
use futures_util::future::join_all;
use liannong::config::{Config, OrderClocks};
use liannong::procurement::{Advance, outstanding_fen, use_advance};
use liannong::{attribution, deadline};
use proptest::prelude::*;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

/// An order with these choices, as it was placed.
async fn placed<'m>(t: &TestApp, market: &'m Market, packs: i64, choices: Value) -> Trade<'m> {
    let mut wanted =
        json!({ "deliver_to": "贵阳市林城东路 1 号", "lines": [{ "product_id": market.product, "packs": packs }] });
    wanted.as_object_mut().unwrap().extend(choices.as_object().unwrap().clone());
    if let Some(budget) = &market.budget {
        wanted["budget_id"] = json!(budget);
    }
    let order = t.post("/orders").by(&market.buyer).key(&fresh_key()).json(wanted).await.created();
    Trade { market, id: order["supplier_orders"][0]["id"].as_str().unwrap().to_owned() }
}

async fn confirm(t: &TestApp, trade: &Trade<'_>) -> Value {
    let shown = trade.read(t).await;
    let call = t.post(&trade.path("/confirm")).by(&trade.market.supplier.clerk);
    call.version(&shown["version"]).await.ok()
}

async fn pay_first<'m>(t: &TestApp, market: &'m Market, packs: i64) -> Trade<'m> {
    let trade = placed(t, market, packs, json!({ "terms": "pay_first" })).await;
    confirm(t, &trade).await;
    trade
}

async fn accrued(t: &TestApp, trade: &Trade<'_>) -> i64 {
    let run = attribution::find_run(t.app.reader(), trade.id.parse().unwrap(), ShareBasis::Accrued).await.unwrap();
    run.map_or(0, |run| run.attributable_fen.get())
}

async fn budget(t: &TestApp, market: &Market) -> (i64, i64, i64) {
    crate::instalments::budget(t, market).await
}

async fn reserved(t: &TestApp, market: &Market) -> i64 {
    product::Entity::find_by_id(market.product).one(t.direct()).await.unwrap().unwrap().reserved_packs.get()
}

async fn figure(t: &TestApp, wanted: QuotaFigure) -> i64 {
    let rows = quota_entry::Entity::find().all(t.direct()).await.unwrap();
    rows.iter().filter(|row| row.figure == wanted).map(|row| row.amount_fen).sum()
}

async fn past(t: &TestApp, trade: &Trade<'_>) -> Vec<String> {
    let shown = t.get(&trade.path("/clocks")).by(&trade.market.buyer).await.ok();
    let past = shown["past"].as_array().unwrap();
    past.iter().map(|clock| clock["kind"].as_str().unwrap().to_owned()).collect()
}

const ALL: i64 = 10_000_000;

both! {
    /// Money first: no goods leave before it is all there; households earn when the goods are accepted too; what is not
    /// accepted is owed back and comes back into the budget.
    async fn money_comes_before_the_goods(t: TestApp) {
        let market = Market::with_unit(t).await;
        let trade = pay_first(t, &market, 10).await;
        let shown = trade.read(t).await;
        assert_eq!((&shown["state"], &shown["payable_fen"]), (&json!("awaiting_payment"), &json!(10 * PACK_FEN)));
        assert_eq!(shown["pay_by"], "2026-04-01T02:00:00Z");
        trade.ship(t, 10, false).await.refused(409, "wrong_state");
        assert_eq!(trade.pay(t, 4 * PACK_FEN).await, 1);
        assert_eq!(trade.read(t).await["state"], "awaiting_payment");
        assert_eq!(budget(t, &market).await, (ALL - 10 * PACK_FEN, 6 * PACK_FEN, 4 * PACK_FEN));
        assert_eq!(trade.pay(t, 7 * PACK_FEN).await, 1);
        let paid = trade.read(t).await;
        assert_eq!((&paid["state"], &paid["prepaid_fen"]), (&json!("confirmed"), &json!(10 * PACK_FEN)));
        assert_eq!((&paid["refund_owed_fen"], &paid["ship_by"]), (&json!(PACK_FEN), &json!("2026-03-09T02:00:00Z")));
        assert_eq!(budget(t, &market).await, (ALL - 10 * PACK_FEN, 0, 10 * PACK_FEN));
        t.drain().await;
        assert_eq!(accrued(t, &trade).await, 0, "nothing is earned before the goods are accepted");
        assert_sound(t).await;

        trade.ship(t, 6, true).await.ok();
        let accepted = trade.accept(t, 5, false, None).await.ok();
        assert_eq!((&accepted["paid_fen"], &accepted["prepaid_fen"]), (&json!(5 * PACK_FEN), &json!(4 * PACK_FEN)));
        assert_eq!(accepted["refund_owed_fen"], json!(2 * PACK_FEN));
        t.drain().await;
        assert_eq!(accrued(t, &trade).await, 5 * PACK_FEN);
        assert_sound(t).await;
        trade.ship(t, 4, false).await.ok();
        trade.accept(t, 4, false, None).await.ok();
        trade.invoice(t, 9 * PACK_FEN).await.created();
        t.drain().await;
        assert_eq!(trade.read(t).await["state"], "paid");
        assert_eq!(accrued(t, &trade).await, 9 * PACK_FEN);
        assert_eq!((figure(t, QuotaFigure::Paid).await, figure(t, QuotaFigure::Released).await), (9 * PACK_FEN, PACK_FEN));
        trade.give_back(t, 1, "restocked").await;
        trade.repay(t, 3 * PACK_FEN).await.created();
        t.drain().await;
        // One had been paid too much, and was never of the budget.
        assert_eq!(budget(t, &market).await, (ALL - 8 * PACK_FEN, 0, 8 * PACK_FEN));
        assert_eq!(crate::instalments::balance(t, AccountKind::BuyerAdvance).await, 0);
        assert_eq!(crate::instalments::balance(t, AccountKind::BuyerRefund).await, 0);
        assert_sound(t).await;
    }

    /// Money that comes before the supplier took the order on waits for that, and pays it then.
    async fn money_that_comes_too_early_waits_for_the_confirmation(t: TestApp) {
        let market = Market::with_unit(t).await;
        let trade = placed(t, &market, 3, json!({ "terms": "pay_first", "ship_days": 15 })).await;
        assert_eq!(trade.pay(t, 3 * PACK_FEN).await, 0);
        confirm(t, &trade).await;
        t.drain().await;
        let shown = trade.read(t).await;
        assert_eq!((&shown["state"], &shown["ship_by"]), (&json!("confirmed"), &json!("2026-03-17T02:00:00Z")));
        // Once more is too much, and waits for somebody to say what it is for.
        assert_eq!(trade.pay(t, PACK_FEN).await, 0);
    }

    /// What is taken off an order that was paid is owed back; what is left of it may be paid by then, and leaves.
    async fn an_order_that_was_paid_is_amended_and_called_off(t: TestApp) {
        let market = Market::with_unit(t).await;
        let trade = pay_first(t, &market, 10).await;
        trade.pay(t, 6 * PACK_FEN).await;
        trade.amend(t, 3).await.ok();
        assert_eq!(budget(t, &market).await, (ALL - 7 * PACK_FEN, PACK_FEN, 6 * PACK_FEN));
        let amended = trade.amend(t, 2).await.ok();
        assert_eq!((&amended["state"], &amended["refund_owed_fen"]), (&json!("confirmed"), &json!(PACK_FEN)));
        assert_eq!(amended["ship_by"], "2026-03-09T02:00:00Z");
        assert_eq!(budget(t, &market).await, (ALL - 6 * PACK_FEN, 0, 6 * PACK_FEN));
        let body = json!({ "reason": "采购计划调整" });
        let cancelled = trade.act(t, &market.buyer, "/cancel", body).await.ok();
        assert_eq!((&cancelled["state"], &cancelled["refund_owed_fen"]), (&json!("cancelled"), &json!(6 * PACK_FEN)));
        trade.repay(t, 6 * PACK_FEN).await.created();
        assert_eq!(budget(t, &market).await, (ALL, 0, 0));
        t.drain().await;
        assert_eq!(accrued(t, &trade).await, 0);
        assert_sound(t).await;
    }

    /// A supplier who does not answer in time loses the order: stock, budget and quota are free again at once.
    async fn an_order_nobody_answers_is_called_off(t: TestApp) {
        let market = Market::with_unit(t).await;
        let trade = placed(t, &market, 10, json!({})).await;
        t.drain().await;
        assert_eq!((reserved(t, &market).await, figure(t, QuotaFigure::Ordered).await), (10, 10 * PACK_FEN));
        t.clock.advance(Duration::days(15) - Duration::seconds(1));
        assert_eq!(deadline::run(&t.app).await.unwrap(), 0);
        t.clock.advance(Duration::seconds(1));
        let turns = join_all((0..8).map(|_| deadline::run(&t.app))).await;
        assert_eq!(turns.into_iter().map(Result::unwrap).sum::<usize>(), 1, "it acts once");
        // Before any job has run: all of it was one transaction.
        assert_eq!((reserved(t, &market).await, figure(t, QuotaFigure::Released).await), (0, 10 * PACK_FEN));
        assert_eq!(budget(t, &market).await, (ALL, 0, 0));
        let shown = trade.read(t).await;
        assert_eq!((&shown["state"], &shown["expired_by"]), (&json!("cancelled"), &json!("answer")));
        assert_eq!(past(t, &trade).await, ["answer"]);
        t.drain().await;
        assert_eq!(figure(t, QuotaFigure::Released).await, 10 * PACK_FEN);
        assert_eq!(t.mails().iter().filter(|mail| mail.contains("没有确认")).count(), 2, "both sides are told");
        assert_eq!(order_clock::Entity::find().count(t.direct()).await.unwrap(), 1);
        assert_sound(t).await;
    }

    /// Payment has thirty days and one extension of fifteen; then what came is owed back, and the rest is free.
    async fn an_order_nobody_pays_is_called_off(t: TestApp) {
        let market = Market::with_unit(t).await;
        let trade = pay_first(t, &market, 10).await;
        trade.pay(t, 2 * PACK_FEN).await;
        let shown = trade.read(t).await;
        t.post(&trade.path("/extend-payment")).by(&market.supplier.clerk).version(&shown["version"]).await
            .refused(403, "forbidden");
        let call = t.post(&trade.path("/extend-payment")).by(&market.buyer).version(&shown["version"]);
        let extended = call.await.ok();
        assert_eq!(extended["pay_by"], "2026-04-16T02:00:00Z");
        t.post(&trade.path("/extend-payment")).by(&market.buyer).version(&extended["version"]).await
            .refused(409, "payment_extended");
        t.clock.advance(Duration::days(30));
        assert_eq!(deadline::run(&t.app).await.unwrap(), 0);
        t.clock.advance(Duration::days(15));
        assert_eq!(deadline::run(&t.app).await.unwrap(), 1);
        assert_eq!(deadline::run(&t.app).await.unwrap(), 0);
        let shown = trade.read(t).await;
        assert_eq!((&shown["state"], &shown["expired_by"]), (&json!("cancelled"), &json!("payment")));
        assert_eq!(shown["refund_owed_fen"], json!(2 * PACK_FEN));
        assert_eq!(budget(t, &market).await, (ALL - 2 * PACK_FEN, 0, 2 * PACK_FEN));
        assert_eq!(reserved(t, &market).await, 0);
        t.post(&trade.path("/extend-payment")).by(&market.buyer).version(&shown["version"]).await
            .refused(409, "wrong_state");
        assert_sound(t).await;
    }

    /// Who ships or accepts late is reminded, of each shipment once; nothing is accepted silently unless that is agreed,
    /// and what is paid later never is.
    async fn who_is_late_is_reminded(t: TestApp) {
        let market = Market::with_unit(t).await;
        let trade = Trade::confirmed(t, &market, 10).await;
        let open = t.get(&trade.path("/clocks")).by(&market.supplier.clerk).await.ok();
        assert_eq!(open["running"], json!([{ "kind": "shipping", "shipment": null,
            "runs_out_at": "2026-03-09T02:00:00Z", "acted_at": null }]));
        t.clock.advance(Duration::days(7));
        assert_eq!((deadline::run(&t.app).await.unwrap(), deadline::run(&t.app).await.unwrap()), (1, 0));
        trade.ship(t, 4, true).await.ok();
        trade.ship(t, 6, false).await.ok();
        t.clock.advance(Duration::days(7));
        assert_eq!((deadline::run(&t.app).await.unwrap(), deadline::run(&t.app).await.unwrap()), (2, 0));
        assert_eq!(past(t, &trade).await, ["shipping", "acceptance", "acceptance"]);
        let silent = OrderClocks { silent_acceptance_days: 10, ..OrderClocks::default() };
        let agreed = TestApp::configured(t, Config { order_clocks: silent, ..t.app.config.clone() }).await;
        let prepaid = pay_first(t, &market, 5).await;
        prepaid.pay(t, 5 * PACK_FEN).await;
        prepaid.ship(t, 5, false).await.ok();
        t.clock.advance(Duration::days(10));
        assert_eq!(deadline::run(&t.app).await.unwrap(), 1, "only the reminder: silence is not agreed here");
        assert_eq!((deadline::run(&agreed.app).await.unwrap(), deadline::run(&agreed.app).await.unwrap()), (1, 0));
        assert_eq!(trade.read(t).await["state"], "shipped", "what is paid later is never accepted silently");
        let shown = prepaid.read(t).await;
        assert_eq!((&shown["state"], &shown["acceptance"]["is_silent"]), (&json!("accepted"), &json!(true)));
        t.drain().await;
        assert_eq!(accrued(t, &prepaid).await, 5 * PACK_FEN);
        assert_sound(t).await;
    }

    /// What a buyer chooses with an order is one of what there is.
    async fn the_choices_of_an_order_are_checked(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        for (choice, pointer) in [
            (json!({ "ship_days": 8 }), "/ship_days"),
            (json!({ "term_days": 61 }), "/term_days"),
            (json!({ "term_days": 0 }), "/term_days"),
        ] {
            let mut wanted =
                json!({ "deliver_to": "杭州", "lines": [{ "product_id": market.product, "packs": 1 }] });
            wanted.as_object_mut().unwrap().extend(choice.as_object().unwrap().clone());
            let refused = t.post("/orders").by(&market.buyer).key(&fresh_key()).json(wanted).await
                .refused(400, "invalid_fields");
            assert_eq!(refused["errors"][0]["pointer"], pointer);
        }
        let trade = pay_first(t, &market, 2).await;
        let code = trade.read(t).await["transfer_code"].as_str().unwrap().to_owned();
        assert_eq!(pay(t, &market, &[(code, 2 * PACK_FEN)]).await["rows_matched"], 1);
        let id: SupplierOrderId = trade.id.parse().unwrap();
        let row = supplier_order::Entity::find_by_id(id).one(t.direct()).await.unwrap().unwrap();
        assert_eq!((row.state, row.terms), (OrderState::Confirmed, OrderTerms::PayFirst));
    }
}

fn an_order() -> impl Strategy<Value = supplier_order::Model> {
    (1..1_000_000_i64, 0..=100_i64, 0..=100_i64, 0..=100_i64).prop_map(|(total, accepted, dropped, prepaid)| {
        let fen = |amount| Fen::new(amount).unwrap();
        let (accepted, dropped) = (total * accepted / 200, total * dropped / 200);
        supplier_order::Model {
            id: SupplierOrderId::generate(),
            group_id: entity::value::OrderGroupId::generate(),
            number: String::new(),
            supplier_id: entity::value::OrganisationId::generate(),
            buyer_id: entity::value::OrganisationId::generate(),
            plan_id: entity::value::PlanId::generate(),
            state: OrderState::Confirmed,
            transfer_code: String::new(),
            total_fen: fen(total),
            accepted_fen: fen(accepted),
            paid_fen: Fen::ZERO,
            invoiced_fen: Fen::ZERO,
            credited_fen: Fen::ZERO,
            refunded_fen: Fen::ZERO,
            overpaid_fen: Fen::ZERO,
            repaid_fen: Fen::ZERO,
            terms: OrderTerms::PayFirst,
            ship_days: 7,
            term_days: 30,
            dropped_fen: fen(dropped),
            prepaid_fen: fen(total * prepaid / 100),
            unused_fen: Fen::ZERO,
            pay_by: None,
            pay_extended: false,
            ship_by: None,
            expired_by: None,
            freight_fen: Fen::ZERO,
            freight_credited_fen: Fen::ZERO,
            late_interest_ppm: None,
            placed_at: start_of_tests(),
            confirmed_at: None,
            shipped_at: None,
            accepted_at: None,
            invoiced_at: None,
            paid_at: None,
            completed_at: None,
            cancelled_at: None,
            closed_reason: None,
            version: 1,
        }
    })
}

proptest! {
    /// No fen of an advance is lost: it pays for what is accepted, waits for what is to come, or is owed back; and a
    /// second look moves nothing.
    #[test]
    fn an_advance_is_used_kept_or_owed_back(order in an_order()) {
        let (after, Advance { used, returned }) = use_advance(order.clone()).unwrap();
        let sum = after.paid_fen.get() + after.prepaid_fen.get() + after.unused_fen.get();
        prop_assert_eq!(sum, order.prepaid_fen.get());
        prop_assert_eq!((after.paid_fen, after.unused_fen), (used, returned));
        prop_assert!(after.prepaid_fen <= outstanding_fen(&after).unwrap());
        prop_assert!(used <= order.accepted_fen);
        prop_assert!(returned.is_zero() || after.prepaid_fen == outstanding_fen(&after).unwrap());
        let (again, moved) = use_advance(after.clone()).unwrap();
        prop_assert_eq!((again, moved), (after, Advance::default()));
    }
}
