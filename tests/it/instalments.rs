//! Orders in several parts: shipments, acceptances, replacements, returns, allowances, invoices, payments and refunds
//! in every order of events; after each of them stock, budget, books and shares are what they should be.

mod histories;

use crate::harness::*;
use crate::market::{Market, PACK_FEN, csv};
use crate::procurement::{assert_sound, fresh_key, invoice_number, payer_of};
use entity::value::{AccountKind, OrganisationKind, Role, ShareBasis, Side};
use entity::{account, entry, order_line, payment, product, share, share_run, supplier_order};
use futures_util::future::join_all;
use liannong::attribution::engine::attribute;
use liannong::attribution::inputs::Inputs;
use liannong::attribution::{find_run, shares_of};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// One order of the market, told to do things.
pub struct Trade<'m> {
    pub market: &'m Market,
    pub id: String,
}

impl<'m> Trade<'m> {
    /// An order of so many packs, confirmed.
    pub async fn confirmed(t: &TestApp, market: &'m Market, packs: i64) -> Self {
        let placed = market.placed(t, packs).await;
        let trade = Self { market, id: placed["id"].as_str().unwrap().to_owned() };
        let call = t.post(&trade.path("/confirm")).by(&market.supplier.clerk);
        call.version(&placed["version"]).await.ok();
        trade
    }

    pub fn path(&self, act: &str) -> String {
        format!("/supplier-orders/{}{act}", self.id)
    }

    pub async fn read(&self, t: &TestApp) -> Value {
        t.get(&self.path("")).by(&self.market.supplier.clerk).await.ok()
    }

    /// Does something at the version of now.
    pub async fn act(&self, t: &TestApp, by: &Person, act: &str, body: Value) -> Reply {
        let shown = self.read(t).await;
        t.post(&self.path(act)).by(by).key(&fresh_key()).version(&shown["version"]).json(body).await
    }

    pub async fn line(&self, t: &TestApp) -> Value {
        self.read(t).await["lines"][0]["id"].clone()
    }

    pub async fn ship(&self, t: &TestApp, packs: i64, partial: bool) -> Reply {
        let line = self.line(t).await;
        let body = json!({ "carrier": "中国邮政", "tracking_number": "EA1", "partial": partial,
            "lots": [{ "line_id": line, "lot_id": self.market.lot, "packs": packs }] });
        self.act(t, &self.market.supplier.clerk, "/ship", body).await
    }

    pub async fn accept(&self, t: &TestApp, accepted: i64, replace: bool, shipment: Option<i32>) -> Reply {
        let line = self.line(t).await;
        let mut said = json!({ "line_id": line, "accepted_packs": accepted, "replace": replace });
        said["refusal_reason"] = json!("外箱破损");
        said["refusal_kind"] = json!("damaged");
        let body = json!({ "shipment": shipment, "lines": [said] });
        self.act(t, &self.market.buyer, "/accept", body).await
    }

    pub async fn amend(&self, t: &TestApp, packs: i64) -> Reply {
        let line = self.line(t).await;
        let body = json!({ "reason": "就餐人数减少", "lines": [{ "line_id": line, "withdrawn_packs": packs }] });
        self.act(t, &self.market.buyer, "/amend", body).await
    }

    pub async fn ask_back(&self, t: &TestApp, packs: i64) -> Reply {
        let line = self.line(t).await;
        let body =
            json!({ "kind": "quality", "reason": "开箱后发现霉变", "lines": [{ "line_id": line, "packs": packs }] });
        self.act(t, &self.market.buyer, "/returns", body).await
    }

    pub async fn take_back(&self, t: &TestApp, number: i64, disposition: &str) -> Reply {
        let line = self.line(t).await;
        let body = json!({ "lines": [{ "line_id": line, "disposition": disposition }] });
        self.act(t, &self.market.supplier.clerk, &format!("/returns/{number}/receive"), body).await
    }

    /// Gives packs back and takes them back.
    pub async fn give_back(&self, t: &TestApp, packs: i64, disposition: &str) -> Value {
        let asked = self.ask_back(t, packs).await.ok();
        let number = asked["returns"].as_array().unwrap().last().unwrap()["number"].as_i64().unwrap();
        self.take_back(t, number, disposition).await.ok()
    }

    pub async fn credit(&self, t: &TestApp, amount: i64) -> Reply {
        let line = self.line(t).await;
        let body = json!({ "reason": "等级低于约定", "lines": [{ "line_id": line, "amount_fen": amount }] });
        self.act(t, &self.market.supplier.clerk, "/credits", body).await
    }

    pub async fn invoice(&self, t: &TestApp, amount: i64) -> Reply {
        self.invoice_as(t, json!({ "amount_fen": amount })).await
    }

    async fn invoice_as(&self, t: &TestApp, said: Value) -> Reply {
        let mut body = self.market.invoice_for(t, &self.read(t).await).await;
        body["number"] = json!(invoice_number());
        body.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
        self.act(t, &self.market.supplier.clerk, "/invoice", body).await
    }

    /// A bank row with this order's code.
    pub async fn pay(&self, t: &TestApp, amount: i64) -> i64 {
        let code = self.read(t).await["transfer_code"].as_str().unwrap().to_owned();
        pay(t, self.market, &[(code, amount)]).await["rows_matched"].as_i64().unwrap()
    }

    pub async fn repay(&self, t: &TestApp, amount: i64) -> Reply {
        let evidence = self.market.evidence(t).await;
        let body = json!({ "amount_fen": amount, "paid_on": "2026-03-02", "reference": fresh_key(),
            "evidence_file_id": evidence });
        // Whoever granted the credit does not record its payment.
        let second = t.member(Role::CooperativeClerk, self.market.supplier.id).await;
        self.act(t, &second, "/refund-payments", body).await
    }
}

/// Imports rows with these memos and amounts.
pub async fn pay(t: &TestApp, market: &Market, rows: &[(String, i64)]) -> Value {
    let mut said = Vec::with_capacity(rows.len());
    for (memo, fen) in rows {
        let payer = payer_of(t, memo).await;
        said.push(format!("2026-03-02,{payer},,{}.{:02},货款 {memo},{}", fen / 100, fen % 100, fresh_key()));
    }
    market.import(t, &fresh_key(), "流水", &csv(&said)).await.created()
}

/// Available, bound and spent, in fen.
pub async fn budget(t: &TestApp, market: &Market) -> (i64, i64, i64) {
    let shown = t.get(&format!("/budgets/{}", market.budget.as_ref().unwrap())).by(&market.buyer).await.ok();
    let figure = |name: &str| shown[name].as_i64().unwrap();
    (figure("available_fen"), figure("encumbered_fen"), figure("spent_fen"))
}

pub async fn balance(t: &TestApp, kind: AccountKind) -> i64 {
    let rows = account::Entity::find().filter(account::Column::Kind.eq(kind)).all(t.direct()).await.unwrap();
    rows.iter().map(|row| row.debit_fen - row.credit_fen).sum()
}

/// The last computation of an order on a basis gives what its inputs give at once, and what is booked on households'
/// accounts is that, or what they were handed where that is more.
async fn assert_shared(t: &TestApp, trade: &Trade<'_>) {
    let shown = trade.read(t).await;
    let id = trade.id.parse().unwrap();
    let net = shown["accepted_fen"].as_i64().unwrap() - shown["credited_fen"].as_i64().unwrap();
    for (basis, wanted, kind) in [
        (ShareBasis::Promised, net, AccountKind::HouseholdPromised),
        (ShareBasis::Accrued, shown["paid_fen"].as_i64().unwrap(), AccountKind::HouseholdPayable),
    ] {
        let Some(run) = find_run(t.app.reader(), id, basis).await.unwrap() else {
            assert_eq!(wanted, 0, "{shown}");
            continue;
        };
        assert_eq!(run.attributable_fen.get(), wanted, "{basis} of {shown}");
        let outcome = attribute(&Inputs::from_canonical(&run.inputs).unwrap()).unwrap();
        let shares = shares_of(t.app.reader(), &[run.id]).await.unwrap();
        let kept: BTreeMap<_, i64> = shares.iter().map(|s| (s.agreement_id, s.amount_fen.get())).collect();
        let one_shot: BTreeMap<_, i64> = outcome.shares.iter().map(|s| (s.agreement_id, s.amount_fen.get())).collect();
        assert_eq!(kept, one_shot);
        let (mut booked, mut paid_out) = (BTreeMap::<_, i64>::new(), BTreeMap::<_, i64>::new());
        let accounts = account::Entity::find().filter(account::Column::Kind.eq(kind)).all(t.direct()).await.unwrap();
        let accounts: BTreeMap<_, _> = accounts.into_iter().map(|row| (row.id, row.part_id.unwrap())).collect();
        let entries =
            entry::Entity::find().filter(entry::Column::SupplierOrderId.eq(id)).all(t.direct()).await.unwrap();
        for entry in entries {
            let Some(agreement) = accounts.get(&entry.account_id) else { continue };
            let posting = entity::posting::Entity::find_by_id(entry.posting_id).one(t.direct()).await.unwrap().unwrap();
            let amount = if entry.side == Side::Credit { entry.amount_fen.get() } else { -entry.amount_fen.get() };
            if posting.kind == "payout" {
                *paid_out.entry(*agreement).or_default() -= amount;
            } else {
                *booked.entry(*agreement).or_default() += amount;
            }
        }
        for (agreement, held) in booked {
            let due = kept.iter().find(|(id, _)| id.uuid() == agreement).map_or(0, |(_, amount)| *amount);
            let handed = paid_out.get(&agreement).copied().unwrap_or(0);
            assert_eq!(held, due.max(handed), "{basis} of {agreement}");
        }
    }
}

/// Pays out all that is open.
async fn pay_out_everything(t: &TestApp, market: &Market) -> i64 {
    let clerk = &market.supplier.clerk;
    let payables = t.get("/payables?open=true&limit=100").by(clerk).await.ok();
    let open = |item: &Value| json!({ "agreement_id": item["agreement_id"], "amount_fen": item["open_fen"], "reference": fresh_key() });
    let payouts: Vec<Value> = payables["items"].as_array().unwrap().iter().map(open).collect();
    if payouts.is_empty() {
        return 0;
    }
    let evidence = market.evidence(t).await;
    let body = json!({
        "paid_on": "2026-03-02", "method": "bank_transfer", "evidence_file_id": evidence, "payouts": payouts,
    });
    crate::payout::handed_out(t, clerk, body).await["total_fen"].as_i64().unwrap()
}

const P: i64 = PACK_FEN;
const BUDGET: i64 = 10_000_000;

both! {
    /// Twenty packs in three shipments, with a replacement, a refusal for good and an amendment on the way.
    async fn an_order_comes_in_parts(t: TestApp) {
        let market = Market::with_unit(t).await;
        let trade = Trade::confirmed(t, &market, 20).await;
        trade.ship(t, 8, false).await.refused(422, "shipment_incomplete");
        let shown = trade.ship(t, 8, true).await.ok();
        assert_eq!((&shown["state"], &shown["lines"][0]["due_packs"]), (&json!("partly_shipped"), &json!(12)));
        trade.ship(t, 13, true).await.refused(422, "shipment_incomplete");
        let shown = trade.accept(t, 6, true, None).await.ok();
        assert_eq!((&shown["state"], &shown["accepted_fen"]), (&json!("partly_shipped"), &json!(6 * P)));
        assert_eq!(shown["lines"][0]["due_packs"], 14, "what was refused is due again");
        assert_eq!(shown["acceptances"][0]["lines"][0]["kind"], "damaged");
        assert_eq!(budget(t, &market).await, (BUDGET - 20 * P, 20 * P, 0));
        trade.accept(t, 1, false, None).await.refused(422, "shipment_unclear");
        let shown = trade.ship(t, 4, true).await.ok();
        assert_eq!(shown["shipments"].as_array().unwrap().len(), 2);
        trade.accept(t, 4, false, Some(1)).await.refused(422, "shipment_unclear");
        trade.accept(t, 3, false, Some(2)).await.ok();
        assert_eq!(budget(t, &market).await, (BUDGET - 19 * P, 19 * P, 0), "what is not sent again is given back");
        let refused = trade.amend(t, 11).await.refused(422, "quantity_exceeded");
        assert_eq!(refused["errors"][0]["pointer"], "/lines/0/withdrawn_packs");
        let amended = trade.amend(t, 5).await.ok();
        assert_eq!(amended["amendments"][0]["amount_fen"], 5 * P);
        assert_eq!(budget(t, &market).await, (BUDGET - 14 * P, 14 * P, 0));
        trade.ship(t, 5, false).await.ok();
        let shown = trade.accept(t, 5, false, None).await.ok();
        assert_eq!((&shown["state"], &shown["accepted_fen"]), (&json!("accepted"), &json!(14 * P)));
        let row = product::Entity::find_by_id(market.product).one(t.direct()).await.unwrap().unwrap();
        assert_eq!((row.on_hand_packs.get(), row.reserved_packs.get()), (1000 - 17, 0));
        t.drain().await;
        assert_shared(t, &trade).await;
        trade.invoice(t, 6 * P).await.created();
        trade.invoice(t, 9 * P).await.refused(422, "invoice_amount_differs");
        let second = trade.invoice(t, 8 * P).await.created();
        assert_eq!(second["order_state"], "invoiced");
        trade.invoice(t, 1).await.refused(409, "wrong_state");
        for (amount, state) in [(5 * P, "invoiced"), (4 * P, "invoiced"), (5 * P, "paid")] {
            assert_eq!(trade.pay(t, amount).await, 1);
            t.drain().await;
            assert_eq!(trade.read(t).await["state"], state);
            assert_shared(t, &trade).await;
        }
        assert_eq!(budget(t, &market).await, (BUDGET - 14 * P, 0, 14 * P));
        let runs = share_run::Entity::find().all(t.direct()).await.unwrap();
        assert_eq!(runs.len(), 4, "one of what was accepted until then, one of each payment");
        assert_sound(t).await;
    }

    /// All of it called off piece by piece is a cancellation; all of it refused piece by piece is a refusal.
    async fn what_is_taken_off_in_parts_ends_like_the_whole(t: TestApp) {
        let market = Market::with_unit(t).await;
        let trade = Trade::confirmed(t, &market, 5).await;
        trade.amend(t, 2).await.ok();
        let shown = trade.amend(t, 3).await.ok();
        assert_eq!((&shown["state"], &shown["closed_reason"]), (&json!("cancelled"), &json!("就餐人数减少")));
        let amended = Trade::confirmed(t, &market, 5).await;
        amended.amend(t, 2).await.ok();
        let shown = amended.act(t, &market.buyer, "/cancel", json!({ "reason": "改期" })).await.ok();
        assert_eq!(shown["state"], "cancelled");
        let refused = Trade::confirmed(t, &market, 4).await;
        refused.ship(t, 1, true).await.ok();
        refused.accept(t, 0, false, None).await.ok();
        refused.ship(t, 3, false).await.ok();
        assert_eq!(refused.accept(t, 0, false, None).await.ok()["state"], "refused");
        assert_eq!(budget(t, &market).await, (BUDGET, 0, 0));
        let row = product::Entity::find_by_id(market.product).one(t.direct()).await.unwrap().unwrap();
        assert_eq!((row.on_hand_packs.get(), row.reserved_packs.get()), (1000 - 4, 0));
        assert_sound(t).await;
    }

    /// Goods given back within the days allowed, with their stock, lots, budget, shares and red invoice.
    async fn accepted_goods_go_back(t: TestApp) {
        let market = Market::with_unit(t).await;
        let trade = Trade::confirmed(t, &market, 10).await;
        trade.ship(t, 10, false).await.ok();
        trade.ask_back(t, 1).await.refused(422, "quantity_exceeded");
        trade.accept(t, 10, false, None).await.ok();
        let invoiced = trade.invoice(t, 10 * P).await.created();
        let refused = trade.ask_back(t, 11).await.refused(422, "quantity_exceeded");
        assert_eq!(refused["errors"][0]["pointer"], "/lines/0/packs");
        trade.ask_back(t, 6).await.ok();
        trade.ask_back(t, 5).await.refused(422, "quantity_exceeded");
        let declined = trade.act(t, &market.supplier.clerk, "/returns/1/decline", json!({ "opinion": "照片不符" })).await;
        assert_eq!(declined.ok()["returns"][0]["state"], "declined");
        trade.take_back(t, 1, "restocked").await.refused(409, "wrong_state");
        trade.take_back(t, 9, "restocked").await.refused(404, "not_found");
        // Before the money: less is owed, and the budget has it back at once.
        let shown = trade.give_back(t, 3, "restocked").await;
        assert_eq!((&shown["credited_fen"], &shown["open_fen"]), (&json!(3 * P), &json!(7 * P)));
        assert_eq!(shown["credits"][0]["refunded_fen"], 0);
        assert_eq!(budget(t, &market).await, (BUDGET - 7 * P, 7 * P, 0));
        let row = product::Entity::find_by_id(market.product).one(t.direct()).await.unwrap().unwrap();
        assert_eq!((row.on_hand_packs.get(), row.reserved_packs.get()), (993, 0));
        let lot = entity::lot::Entity::find_by_id(market.lot.parse::<entity::value::LotId>().unwrap());
        assert_eq!(lot.one(t.direct()).await.unwrap().unwrap().shipped_grams.get(), 7 * 2500);
        t.drain().await;
        assert_shared(t, &trade).await;
        // After the money: it is owed back, and the budget has it once it is back.
        assert_eq!(trade.pay(t, 7 * P).await, 1);
        t.drain().await;
        assert_shared(t, &trade).await;
        let shown = trade.give_back(t, 2, "written_off").await;
        assert_eq!((&shown["refund_owed_fen"], &shown["state"]), (&json!(2 * P), &json!("paid")));
        t.drain().await;
        assert_shared(t, &trade).await;
        assert_eq!(budget(t, &market).await, (BUDGET - 7 * P, 0, 7 * P));
        trade.repay(t, 2 * P + 1).await.refused(422, "refund_exceeds_owed");
        trade.repay(t, P).await.created();
        assert_eq!(trade.repay(t, P).await.created()["budget_fen"], P);
        assert_eq!(budget(t, &market).await, (BUDGET - 5 * P, 0, 5 * P));
        trade.repay(t, 1).await.refused(422, "refund_exceeds_owed");
        // The invoice is of ten packs, five went back.
        let red = |amount: i64, number: Value| json!({ "kind": "red", "amount_fen": amount, "corrects_number": number });
        trade.invoice_as(t, red(5 * P, json!(null))).await.refused(422, "invoice_corrects_nothing");
        trade.invoice_as(t, red(5 * P, json!("26520000000000000001"))).await.refused(422, "invoice_corrects_nothing");
        trade.invoice_as(t, red(6 * P, invoiced["number"].clone())).await.refused(422, "invoice_amount_differs");
        let mut same = red(2 * P, invoiced["number"].clone());
        same["number"] = invoiced["number"].clone();
        trade.invoice_as(t, same).await.refused(409, "invoice_number_used");
        trade.invoice_as(t, red(2 * P, invoiced["number"].clone())).await.created();
        trade.invoice_as(t, red(3 * P, invoiced["number"].clone())).await.created();
        trade.invoice_as(t, red(1, invoiced["number"].clone())).await.refused(409, "wrong_state");
        let money = t.get(&trade.path("/payments")).by(&market.buyer).await.ok();
        assert_eq!(money["invoices"][1]["corrects_number"], invoiced["number"]);
        assert_eq!((&money["net_fen"], &money["refund_payments"][0]["amount_fen"]), (&json!(5 * P), &json!(P)));
        // A week is over.
        t.clock.advance(chrono::Duration::days(8));
        trade.ask_back(t, 1).await.refused(409, "return_too_late");
        // All the rest at a lower price, to nothing.
        trade.credit(t, 5 * P + 1).await.refused(422, "credit_exceeded");
        let gone = trade.credit(t, 5 * P).await.ok();
        assert_eq!((&gone["state"], &gone["refund_owed_fen"]), (&json!("returned"), &json!(5 * P)));
        t.drain().await;
        assert_shared(t, &trade).await;
        assert_eq!(balance(t, AccountKind::HouseholdPayable).await, 0);
        assert_eq!(balance(t, AccountKind::HouseholdPromised).await, 0);
        assert_sound(t).await;
    }

    /// Households were handed their shares before the goods went back: they keep them, the cooperative bears it.
    async fn what_a_household_was_handed_stays_with_it(t: TestApp) {
        let market = Market::with_unit(t).await;
        let trade = Trade::confirmed(t, &market, 10).await;
        trade.ship(t, 10, false).await.ok();
        trade.accept(t, 10, false, None).await.ok();
        trade.invoice(t, 10 * P).await.created();
        trade.pay(t, 10 * P).await;
        t.drain().await;
        let handed = pay_out_everything(t, &market).await;
        assert!(handed > 0);
        trade.give_back(t, 4, "written_off").await;
        t.drain().await;
        assert_shared(t, &trade).await;
        let clawback = balance(t, AccountKind::SupplierClawback).await;
        assert!(clawback > 0 && clawback < handed, "{clawback} of {handed}");
        assert_eq!(balance(t, AccountKind::HouseholdPayable).await, 0, "nobody owes, nobody is owed");
        let path = format!("/households/{}/statement?year=2026", market.households[0]);
        let shown = t.get(&path).by(&market.county.officer).await.ok();
        assert_eq!(shown["totals"]["paid_fen"], shown["totals"]["accrued_fen"], "{shown}");
        assert!(shown["totals"]["promised_fen"].as_i64() < shown["totals"]["accrued_fen"].as_i64(), "{shown}");
        assert_eq!(t.get("/payables?open=true").by(&market.supplier.clerk).await.ok()["items"], json!([]));
        assert_sound(t).await;
        // Out of its own pocket first, then out of what the buyer had paid.
        let made = trade.repay(t, 4 * P).await.created();
        assert_eq!(made["clawback_fen"], clawback);
        assert_eq!(balance(t, AccountKind::SupplierClawback).await, 0);
        assert_eq!(balance(t, AccountKind::BuyerRefund).await, 0);
        let retained = -balance(t, AccountKind::SupplierRetained).await;
        assert_eq!(balance(t, AccountKind::SupplierCash).await, retained, "what is there is what it keeps");
        assert_sound(t).await;
    }

    /// What was handed over counts for the replacement that comes after the refund.
    async fn a_share_that_rises_again_first_lifts_what_the_cooperative_bears(t: TestApp) {
        let market = Market::with_unit(t).await;
        let trade = Trade::confirmed(t, &market, 12).await;
        trade.ship(t, 6, true).await.ok();
        trade.accept(t, 6, false, None).await.ok();
        trade.invoice(t, 6 * P).await.created();
        trade.pay(t, 6 * P).await;
        t.drain().await;
        pay_out_everything(t, &market).await;
        trade.give_back(t, 3, "restocked").await;
        t.drain().await;
        assert!(balance(t, AccountKind::SupplierClawback).await > 0);
        assert_shared(t, &trade).await;
        trade.ship(t, 6, false).await.ok();
        trade.accept(t, 6, false, None).await.ok();
        trade.pay(t, 6 * P).await;
        t.drain().await;
        assert_eq!(balance(t, AccountKind::SupplierClawback).await, 0);
        assert_shared(t, &trade).await;
        assert_sound(t).await;
    }

    /// One transfer for two orders, too little, too much, money of another buyer, and money before its invoice.
    async fn money_finds_its_orders(t: TestApp) {
        let market = Market::with_unit(t).await;
        let mut trades = Vec::new();
        for packs in [2, 3, 4] {
            let trade = Trade::confirmed(t, &market, packs).await;
            trade.ship(t, packs, false).await.ok();
            trade.accept(t, packs, false, None).await.ok();
            trade.invoice(t, packs * P).await.created();
            trades.push(trade);
        }
        let code = async |index: usize| trades[index].read(t).await["transfer_code"].as_str().unwrap().to_owned();
        let codes = [code(0).await, code(1).await, code(2).await];
        let merged = pay(t, &market, &[(format!("{} {}", codes[0], codes[1]), 5 * P)]).await;
        assert_eq!(merged["rows_matched"], 1);
        for trade in &trades[..2] {
            assert_eq!(trade.read(t).await["state"], "paid");
        }
        assert_eq!(payment::Entity::find().all(t.direct()).await.unwrap().len(), 2);
        // Too little, then too much.
        assert_eq!(trades[2].pay(t, 3 * P).await, 1);
        let shown = trades[2].read(t).await;
        assert_eq!((&shown["state"], &shown["open_fen"]), (&json!("invoiced"), &json!(P)));
        assert_eq!(trades[2].pay(t, P + 77).await, 1);
        let shown = trades[2].read(t).await;
        assert_eq!((&shown["state"], &shown["refund_owed_fen"]), (&json!("paid"), &json!(77)));
        assert_eq!(budget(t, &market).await, (BUDGET - 9 * P, 0, 9 * P));
        assert_eq!(trades[2].repay(t, 77).await.created()["budget_fen"], 0, "it was never spent from the budget");
        assert_eq!(trades[2].pay(t, P).await, 0, "a second time it waits");
        t.drain().await;
        for trade in &trades {
            assert_shared(t, trade).await;
        }
        // Money of another buyer with our code, and money without any.
        let late = Trade::confirmed(t, &market, 5).await;
        late.ship(t, 5, false).await.ok();
        late.accept(t, 5, false, None).await.ok();
        let other = t.organisation(OrganisationKind::Enterprise, "330106").await;
        let other = entity::organisation::Entity::find_by_id(other).one(t.direct()).await.unwrap().unwrap();
        let code = late.read(t).await["transfer_code"].as_str().unwrap().to_owned();
        let rows = [
            format!("2026-03-02,{},,1.00,{code},W1", other.name),
            format!("2026-03-02,{},,{}.{:02},{code},W2", payer_of(t, &code).await, 5 * P / 100, 5 * P % 100),
            "2026-03-02,某县国库,,1.00,没有写,W3".to_owned(),
        ];
        let made = market.import(t, &fresh_key(), "等", &csv(&rows)).await.created();
        assert_eq!(made["rows_matched"], 0);
        let again = market.import(t, &fresh_key(), "等", &csv(&rows)).await;
        again.refused(409, "statement_already_imported");
        late.invoice(t, 5 * P).await.created();
        let waiting = t.get("/bank-rows?state=unmatched").by(&market.operator).await.ok();
        let of = |reference: &str| {
            let all = waiting["items"].as_array().unwrap();
            all.iter().find(|row| row["bank_reference"] == reference).unwrap().clone()
        };
        assert_eq!((&of("W1")["reason"], &of("W2")["reason"]), (&json!("wrong_payer"), &json!("not_payable")));
        assert_eq!(of("W2")["suggestions"][0]["supplier_order_id"], json!(late.id));
        assert_eq!(of("W2")["suggestions"][0]["because"], json!(["code", "amount", "payer"]));
        assert_eq!(of("W3")["reason"], "no_code");
        t.drain().await;
        assert_eq!(late.read(t).await["state"], "paid", "the invoice came, and the money was there");
        // Somebody finds out what the others were for.
        let assign = |row: &Value, parts: Value| {
            let path = format!("/bank-rows/{}/assign", row["id"].as_str().unwrap());
            t.post(&path).by(&market.operator).key(&fresh_key()).json(json!({ "payments": parts }))
        };
        let part = |amount: i64| json!([{ "supplier_order_id": late.id, "amount_fen": amount }]);
        assign(&of("W1"), part(99)).await.refused(422, "assignment_differs");
        let twice = json!([{ "supplier_order_id": late.id, "amount_fen": 50 }, { "supplier_order_id": late.id, "amount_fen": 50 }]);
        assign(&of("W1"), twice).await.refused(422, "assignment_differs");
        let fresh = Trade::confirmed(t, &market, 1).await;
        let early = json!([{ "supplier_order_id": fresh.id, "amount_fen": 100 }]);
        assign(&of("W1"), early).await.refused(409, "wrong_state");
        assert_eq!(assign(&of("W1"), part(100)).await.ok()["state"], "matched");
        assign(&of("W1"), part(100)).await.refused(409, "bank_row_matched");
        assert_eq!(late.read(t).await["refund_owed_fen"], 100);
        let unknown = json!({ "id": late.id });
        assign(&unknown, part(100)).await.refused(404, "not_found");
        let all = t.get("/bank-rows?limit=100").by(&market.operator).await.ok();
        let matched = all["items"].as_array().unwrap().iter().filter(|row| row["state"] == "matched").count();
        assert_eq!(matched, 5);
        assert_sound(t).await;
    }

    /// A second shipment, a payment, a return and an allowance in all twenty-four orders end alike.
    async fn every_order_of_events_ends_alike(t: TestApp) {
        let market = Market::with_unit(t).await;
        let mut ends: Vec<BTreeMap<String, i64>> = Vec::new();
        for order in permutations() {
            let before = budget(t, &market).await;
            let trade = Trade::confirmed(t, &market, 10).await;
            trade.ship(t, 6, true).await.ok();
            trade.accept(t, 6, true, None).await.ok();
            trade.invoice(t, 6 * P).await.created();
            for event in order {
                match event {
                    0 => {
                        trade.ship(t, 4, false).await.ok();
                        trade.accept(t, 4, true, None).await.ok();
                    }
                    1 => assert_eq!(trade.pay(t, 3 * P).await, 1),
                    2 => drop(trade.give_back(t, 2, "written_off").await),
                    _ => drop(trade.credit(t, 501).await.ok()),
                }
                t.drain().await;
                assert_shared(t, &trade).await;
                let shown = trade.read(t).await;
                let net = shown["accepted_fen"].as_i64().unwrap() - shown["credited_fen"].as_i64().unwrap();
                let due = shown["lines"][0]["due_packs"].as_i64().unwrap();
                let (available, bound, spent) = budget(t, &market).await;
                let paid = shown["paid_fen"].as_i64().unwrap();
                assert_eq!(bound - before.1, due * P + net - paid, "after {event} of {order:?}");
                assert_eq!((spent - before.2, available + bound + spent), (paid, BUDGET));
            }
            let shown = trade.read(t).await;
            trade.invoice(t, 2 * P - 501).await.created();
            assert_eq!(trade.pay(t, shown["open_fen"].as_i64().unwrap()).await, 1);
            t.drain().await;
            assert_shared(t, &trade).await;
            assert_eq!(trade.read(t).await["state"], "paid", "{order:?}");
            let run = find_run(t.app.reader(), trade.id.parse().unwrap(), ShareBasis::Accrued).await.unwrap().unwrap();
            let shares = share::Entity::find().filter(share::Column::RunId.eq(run.id)).all(t.direct()).await.unwrap();
            ends.push(shares.iter().map(|s| (s.agreement_id.to_string(), s.amount_fen.get())).collect());
            assert_eq!(run.attributable_fen.get(), 8 * P - 501);
        }
        for end in &ends {
            for (agreement, amount) in end {
                // Of equal remainders another order favours another household.
                assert!((amount - ends[0][agreement]).abs() <= 1, "{ends:?}");
            }
        }
        assert_sound(t).await;
    }

    /// Whoever changes a refund behind the house's back is found.
    async fn a_changed_refund_is_found(t: TestApp) {
        let market = Market::with_unit(t).await;
        let trade = Trade::confirmed(t, &market, 6).await;
        trade.ship(t, 6, false).await.ok();
        trade.accept(t, 6, false, None).await.ok();
        trade.invoice(t, 6 * P).await.created();
        trade.pay(t, 6 * P).await;
        t.drain().await;
        trade.give_back(t, 2, "written_off").await;
        t.drain().await;
        trade.repay(t, P).await.created();
        assert_sound(t).await;
        for (table, up, down, named) in [
            ("credit_note", "amount_fen = amount_fen + 1", "amount_fen = amount_fen - 1", "supplier_order"),
            ("credit_note", "refunded_fen = refunded_fen - 1", "refunded_fen = refunded_fen + 1", "supplier_order"),
            ("credit_note_line", "packs = packs - 1", "packs = packs + 1", "supplier_order"),
            ("refund_payment", "amount_fen = amount_fen - 1", "amount_fen = amount_fen + 1", "supplier_order"),
            ("payment", "amount_fen = amount_fen - 1", "amount_fen = amount_fen + 1", "supplier_order"),
            ("acceptance_line", "accepted_packs = accepted_packs - 1", "accepted_packs = accepted_packs + 1", "supplier_order"),
            ("supplier_order", "refunded_fen = refunded_fen - 1", "refunded_fen = refunded_fen + 1", "share_run"),
            ("share_run", "gross_fen = gross_fen - 1", "gross_fen = gross_fen + 1", "posting"),
            ("share_run", "number = number + 10", "number = number - 10", "share_run"),
        ] {
            crate::verify::unlock(t, table).await;
            t.sql(&format!("update {table} set {up}")).await.unwrap();
            let report = crate::verify::report(t).await;
            let fault = report.fault.unwrap_or_else(|| panic!("{table} {up} was not found"));
            assert_eq!(fault.table, named, "{table} {up}: {}", fault.en);
            t.sql(&format!("update {table} set {down}")).await.unwrap();
        }
        assert_sound(t).await;
    }

    /// Each of the same refund, the same acceptance and the same return at once is made once.
    async fn of_the_same_at_once_one_is_made(t: TestApp) {
        let market = Market::with_unit(t).await;
        let trade = Trade::confirmed(t, &market, 8).await;
        trade.ship(t, 8, false).await.ok();
        let shown = trade.read(t).await;
        let line = &shown["lines"][0]["id"];
        let second = t.member(Role::CooperativeClerk, market.supplier.id).await;
        let send = |act: &'static str, by: &'static str, key: Option<&'static str>, version: Value, body: Value| {
            let (trade, market, second) = (&trade, &market, &second);
            async move {
                let by = match by {
                    "buyer" => &market.buyer,
                    "second" => second,
                    _ => &market.supplier.clerk,
                };
                let key = key.map_or_else(fresh_key, str::to_owned);
                t.post(&trade.path(act)).by(by).key(&key).version(&version).json(body).await
            }
        };
        let good = |replies: &[Reply]| replies.iter().filter(|reply| reply.status < 300).count();
        let calm = |replies: &[Reply]| assert!(replies.iter().all(|reply| reply.status < 500), "{replies:?}");
        let accepted = json!({ "lines": [{ "line_id": line, "accepted_packs": 8 }] });
        let replies = join_all((0..8).map(|_| send("/accept", "buyer", None, shown["version"].clone(), accepted.clone()))).await;
        calm(&replies);
        assert_eq!(good(&replies), 1, "one acceptance");
        trade.invoice(t, 8 * P).await.created();
        trade.pay(t, 8 * P).await;
        t.drain().await;
        let version = trade.read(t).await["version"].clone();
        let credit = json!({ "reason": "让价", "lines": [{ "line_id": line, "amount_fen": 1_000 }] });
        let replies = join_all((0..32).map(|_| send("/credits", "supplier", Some("one-credit"), version.clone(), credit.clone()))).await;
        calm(&replies);
        assert_eq!(good(&replies), 32, "one credit, told thirty-two times");
        let replayed = replies.iter().filter(|reply| reply.header("idempotent-replayed") == Some("true")).count();
        assert_eq!((replayed, trade.read(t).await["credited_fen"].clone()), (31, json!(1_000)));
        let asked = trade.ask_back(t, 2).await.ok();
        let receive = json!({ "lines": [{ "line_id": line, "disposition": "restocked" }] });
        let replies = join_all((0..8).map(|_| send("/returns/1/receive", "supplier", None, asked["version"].clone(), receive.clone()))).await;
        calm(&replies);
        assert_eq!(good(&replies), 1, "taken back once");
        t.drain().await;
        let owed = trade.read(t).await;
        assert_eq!(owed["refund_owed_fen"], 1_000 + 2 * P);
        let evidence = market.evidence(t).await;
        let refund = |reference: &str| json!({ "amount_fen": 1_000 + 2 * P, "paid_on": "2026-03-02",
            "reference": reference, "evidence_file_id": evidence });
        let bodies: Vec<Value> = (0..8).map(|number| refund(&format!("R{number}"))).collect();
        let replies = join_all(bodies.into_iter().map(|body| send("/refund-payments", "second", None, owed["version"].clone(), body))).await;
        calm(&replies);
        assert_eq!(good(&replies), 1, "given back once");
        assert_eq!(trade.read(t).await["refund_owed_fen"], 0);
        assert_shared(t, &trade).await;
        assert_sound(t).await;
    }

    /// An order in several parts is seen by its two sides and nobody else, and its papers by nobody else either.
    async fn its_papers_are_its_own(t: TestApp) {
        let market = Market::with_unit(t).await;
        let trade = Trade::confirmed(t, &market, 2).await;
        let stranger = crate::agreement::supplier(t, "532324").await;
        let office = t.organisation(OrganisationKind::AuditOffice, "110101").await;
        let auditor = t.member(Role::Auditor, office).await;
        t.get(&trade.path("/payments")).by(&stranger.clerk).await.refused(404, "not_found");
        t.get(&trade.path("/payments")).by(&auditor).await.ok();
        let shown = trade.read(t).await;
        let body = json!({ "reason": "x", "lines": [{ "line_id": shown["lines"][0]["id"], "amount_fen": 1 }] });
        for (by, status) in [(&stranger.clerk, 404), (&market.buyer, 403)] {
            let call = t.post(&trade.path("/credits")).by(by).key(&fresh_key()).version(&shown["version"]);
            assert_eq!(call.json(body.clone()).await.status, status);
        }
        trade.act(t, &market.supplier.clerk, "/credits", body).await.refused(409, "wrong_state");
        trade.repay(t, 1).await.refused(422, "refund_exceeds_owed");
        let other = market.evidence(t).await;
        trade.ship(t, 2, false).await.ok();
        let line = &shown["lines"][0]["id"];
        let with_photo = json!({ "lines": [{ "line_id": line, "accepted_packs": 1, "refusal_reason": "短少一件",
            "refusal_kind": "short", "photos": [other], "over_packs": 0 }] });
        trade.act(t, &market.buyer, "/accept", with_photo).await.refused(422, "file_unknown");
        let file = t.post("/files?name=box.pdf").by(&market.buyer);
        let file = file.bytes("application/pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n".to_vec()).await.created();
        let with_photo = json!({ "lines": [{ "line_id": line, "accepted_packs": 1, "refusal_reason": "短少一件",
            "refusal_kind": "short", "photos": [file["id"]], "over_packs": 3 }] });
        let shown = trade.act(t, &market.buyer, "/accept", with_photo).await.ok();
        let judged = &shown["acceptances"][0]["lines"][0];
        assert_eq!((&judged["photos"][0], &judged["over_packs"]), (&file["id"], &json!(3)));
        assert_eq!(order_line::Entity::find().all(t.direct()).await.unwrap()[0].refused_packs.get(), 1);
        assert_eq!(supplier_order::Entity::find().all(t.direct()).await.unwrap()[0].accepted_fen.get(), P);
    }
}

fn permutations() -> Vec<[u8; 4]> {
    let mut all = Vec::new();
    for a in 0..4 {
        for b in (0..4).filter(|b| *b != a) {
            for c in (0..4).filter(|c| ![a, b].contains(c)) {
                for d in (0..4).filter(|d| ![a, b, c].contains(d)) {
                    all.push([a, b, c, d]);
                }
            }
        }
    }
    all
}
