//! Random histories of income over HTTP: orders under two plans, instalments, credits, payouts, sales elsewhere and their
//! reversals. After every step the books hold what the properties of the arithmetic promise.
//!
//! A failing seed is told; `LIANNONG_SEED` repeats it, `LIANNONG_STEPS` makes histories longer.

use crate::harness::*;
use crate::market::{self, Market};
use crate::offplatform::{act, wanted};
use crate::product_plans::{accepted, in_force, placed, plan, with_two_products};
use crate::verify::report;
use entity::value::{Guard, ProductId, Role, Side};
use entity::{
    account, entry, lot, off_platform_sale, order_line, payout, posting, product, share, share_run, supplier_order,
};
use liannong::attribution::engine::attribute_order;
use liannong::attribution::inputs::{Inputs, OrderInputs};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

fn key() -> String {
    Uuid::now_v7().to_string()
}

fn fen(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no amount"))
}

/// Everything a request could have changed, as text: a refused one leaves every letter of it.
async fn everything(t: &TestApp) -> String {
    let db = t.direct();
    macro_rules! all {
        ($($table:ident),+) => {
            [$(format!("{:?}", $table::Entity::find().order_by_asc($table::Column::Id).all(db).await.unwrap())),+].join("\n")
        };
    }
    let rows = all!(account, posting, lot, off_platform_sale, order_line, payout, product, share_run, supplier_order);
    let entries = entry::Entity::find().all(db).await.unwrap().len();
    let shares = share::Entity::find().all(db).await.unwrap().len();
    format!("{rows}\n{entries} {shares}")
}

/// What stands on each account, without those on which nothing does.
async fn balances(t: &TestApp) -> BTreeMap<String, i64> {
    let rows = account::Entity::find().all(t.direct()).await.unwrap();
    let net = rows.into_iter().map(|row| (row.id.to_string(), row.debit_fen - row.credit_fen));
    net.filter(|(_, net)| *net != 0).collect()
}

/// A market of two products under two plans, and what happened in it.
struct History {
    market: Market,
    /// Approves what the clerk pays out.
    second: Person,
    other: ProductId,
    lots: [String; 2],
    orders: Vec<Value>,
    sales: Vec<Value>,
    random: fastrand::Rng,
}

impl History {
    async fn begin(t: &TestApp, seed: u64) -> Self {
        let (market, other, lot) = with_two_products(t).await;
        in_force(t, &market, plan([8123, 777, 11, 0], &[other])).await;
        let lots = [market.lot.clone(), lot];
        let random = fastrand::Rng::with_seed(seed);
        let second = t.member(Role::CooperativeClerk, market.supplier.id).await;
        Self { market, second, other, lots, orders: Vec::new(), sales: Vec::new(), random }
    }

    fn one_of<'a>(random: &mut fastrand::Rng, of: &'a [Value]) -> Option<&'a Value> {
        if of.is_empty() { None } else { Some(&of[random.usize(..of.len())]) }
    }

    /// Lets something happen, which may be refused; tells what, and how it was answered.
    async fn step(&mut self, t: &TestApp) -> (String, u16) {
        match self.random.u8(..10) {
            0 | 1 => self.order(t).await,
            2 | 3 => self.pay(t).await,
            4 => self.credit(t).await,
            5 => self.pay_out(t).await,
            6 => self.sell_elsewhere(t).await,
            7 => self.decide(t, "confirm").await,
            8 => self.decide(t, "refuse").await,
            _ => self.decide(t, "reverse").await,
        }
    }

    async fn order(&mut self, t: &TestApp) -> (String, u16) {
        let (first, second) = (self.random.i64(1..4), self.random.i64(1..4));
        let lines = [(self.market.product, first), (self.other, second)];
        let takes = [self.random.i64(1..=first), self.random.i64(0..=second)];
        let order = placed(t, &self.market, &lines).await;
        let order = accepted(t, &self.market, &order, &[&self.lots[0], &self.lots[1]], &takes).await;
        self.orders.push(order);
        (format!("order {lines:?}, accepted {takes:?}"), 201)
    }

    async fn pay(&mut self, t: &TestApp) -> (String, u16) {
        let Some(order) = Self::one_of(&mut self.random, &self.orders) else {
            return ("nothing to pay".to_owned(), 200);
        };
        let amount = self.random.i64(1..=fen(&order["accepted_fen"]));
        let code = order["transfer_code"].as_str().unwrap();
        let payer = order["buyer_name"].as_str().unwrap();
        let row = format!("2026-03-02,{payer},6222,{}.{:02},货款{code}号,{}", amount / 100, amount % 100, key());
        let reply = self.market.import(t, &key(), "流水", &market::csv(&[row])).await;
        (format!("pay {amount}"), reply.status)
    }

    async fn credit(&mut self, t: &TestApp) -> (String, u16) {
        let Some(order) = Self::one_of(&mut self.random, &self.orders) else {
            return ("nothing to credit".to_owned(), 200);
        };
        let path = format!("/supplier-orders/{}", order["id"].as_str().unwrap());
        let clerk = &self.market.supplier.clerk;
        let now = t.get(&path).by(clerk).await.ok();
        let (line, amount) = (self.random.usize(..2), self.random.i64(1..9_000));
        let body =
            json!({ "reason": "让价", "lines": [{ "line_id": now["lines"][line]["id"], "amount_fen": amount }] });
        let reply = t.post(&format!("{path}/credits")).by(clerk).key(&key()).version(&now["version"]).json(body).await;
        (format!("credit {amount} of line {line}"), reply.status)
    }

    async fn pay_out(&mut self, t: &TestApp) -> (String, u16) {
        let clerk = &self.market.supplier.clerk;
        let open = t.get("/payables?open=true&limit=100").by(clerk).await.ok();
        let Some(one) = Self::one_of(&mut self.random, open["items"].as_array().unwrap()) else {
            return ("nothing to pay out".to_owned(), 200);
        };
        // Now and then a fen more than is open.
        let amount = match self.random.u8(..4) {
            0 => fen(&one["open_fen"]) + 1,
            _ => self.random.i64(1..=fen(&one["open_fen"])),
        };
        let body = json!({
            "paid_on": "2026-03-02", "method": "bank_transfer", "evidence_file_id": self.market.evidence(t).await,
            "payouts": [{ "agreement_id": one["agreement_id"], "amount_fen": amount, "reference": key() }],
        });
        let reply = t.post("/payouts").by(clerk).key(&key()).json(body).await;
        let status = reply.status;
        assert_eq!(status == 201, amount <= fen(&one["open_fen"]), "{amount} of {one}");
        if status == 201 {
            crate::payout::approved(t, &self.second, &reply.created()).await;
        }
        (format!("pay out {amount}"), status)
    }

    async fn sell_elsewhere(&mut self, t: &TestApp) -> (String, u16) {
        let clerk = &self.market.supplier.clerk;
        let (lot, grams) = (self.random.usize(..2), self.random.i64(1..20_000));
        let mut body = wanted(t, clerk, json!([{ "lot_id": self.lots[lot], "grams": grams }])).await;
        body["amount_fen"] = json!(self.random.i64(1..80_000));
        let reply = t.post("/off-platform-sales").by(clerk).key(&key()).json(body).await;
        let status = reply.status;
        if status == 201 {
            self.sales.push(reply.created());
        }
        (format!("sell {grams} g elsewhere"), status)
    }

    async fn decide(&mut self, t: &TestApp, step: &str) -> (String, u16) {
        let Some(sale) = Self::one_of(&mut self.random, &self.sales) else {
            return ("nothing to decide".to_owned(), 200);
        };
        let officer = &self.market.county.officer;
        let path = format!("/off-platform-sales/{}", sale["id"].as_str().unwrap());
        let now = t.get(&path).by(officer).await.ok();
        let body = if step == "confirm" { json!({}) } else { json!({ "reason": "核对不符" }) };
        let reply = act(t, officer, &now, step, body).await;
        let from = if step == "reverse" { "confirmed" } else { "recorded" };
        assert_eq!(reply.status == 200, now["state"] == from, "{step} of a sale that is {}", now["state"]);
        (format!("{step} a sale"), reply.status)
    }

    /// A sale elsewhere that is confirmed and reversed: every account stands as it stood.
    async fn there_and_back(&mut self, t: &TestApp, place: &str) {
        let before = (balances(t).await, self.statements(t).await);
        let clerk = &self.market.supplier.clerk;
        let mut body = wanted(t, clerk, json!([])).await;
        body["amount_fen"] = json!(self.random.i64(1..50_000));
        let sale = t.post("/off-platform-sales").by(clerk).key(&key()).json(body).await;
        if sale.status != 201 {
            return;
        }
        let officer = &self.market.county.officer;
        let sale = act(t, officer, &sale.created(), "confirm", json!({})).await.ok();
        act(t, officer, &sale, "reverse", json!({ "reason": "登记有误" })).await.ok();
        assert_eq!((balances(t).await, self.statements(t).await), before, "{place}: there and back");
    }

    /// Of each household: promised, accrued, paid.
    async fn statements(&self, t: &TestApp) -> Vec<[i64; 3]> {
        let mut all = Vec::new();
        for household in self.market.households {
            let path = format!("/households/{household}/statement?year=2026");
            let shown = t.get(&path).by(&self.market.county.officer).await.ok();
            let amounts = |of: &Value| ["promised_fen", "accrued_fen", "paid_fen"].map(|name| fen(&of[name]));
            let total = amounts(&shown["totals"]);
            let mut sum = [0; 3];
            for agreement in shown["agreements"].as_array().unwrap() {
                for order in agreement["orders"].as_array().unwrap() {
                    let one = amounts(order);
                    assert!(one.iter().all(|amount| *amount >= 0), "less than nothing: {order}");
                    assert!(one[2] <= one[1], "more was paid than accrued: {order}");
                    sum = [sum[0] + one[0], sum[1] + one[1], sum[2] + one[2]];
                }
            }
            assert_eq!(sum, total, "{shown}");
            all.push(total);
        }
        all
    }

    /// Conservation and non-negativity, whatever happened.
    async fn holds(&self, t: &TestApp, place: &str) {
        let entries = entry::Entity::find().all(t.direct()).await.unwrap();
        let sum = |side: Side| entries.iter().filter(|e| e.side == side).map(|e| e.amount_fen.get()).sum::<i64>();
        assert_eq!(sum(Side::Debit), sum(Side::Credit), "{place}");
        for row in account::Entity::find().all(t.direct()).await.unwrap() {
            let net = row.debit_fen - row.credit_fen;
            let holds = match row.guard {
                Guard::Debit => net >= 0,
                Guard::Credit => net <= 0,
                Guard::None => true,
            };
            assert!(holds, "{place}: {row:?}");
        }
        let shares = share::Entity::find().all(t.direct()).await.unwrap();
        for run in share_run::Entity::find().all(t.direct()).await.unwrap() {
            let shared: i64 = shares.iter().filter(|s| s.run_id == run.id).map(|s| s.amount_fen.get()).sum();
            assert_eq!(shared + run.retained_fen.get(), run.attributable_fen.get(), "{place}: {run:?}");
        }
        let statements = self.statements(t).await;
        let open = t.get("/payables?open=true&limit=100").by(&self.market.supplier.clerk).await.ok();
        let open: i64 = open["items"].as_array().unwrap().iter().map(|item| fen(&item["open_fen"])).sum();
        let owed: i64 = statements.iter().map(|[_, accrued, paid]| accrued - paid).sum();
        assert_eq!(owed, open, "{place}");
    }

    /// The last computation of every order is that of the whole at once, whoever stands first on its roster.
    async fn is_one_shot(&mut self, t: &TestApp, place: &str) {
        let runs = share_run::Entity::find().order_by_asc(share_run::Column::Number).all(t.direct()).await.unwrap();
        let last: BTreeMap<_, _> = runs.iter().map(|run| ((run.supplier_order_id, run.basis.as_str()), run)).collect();
        let shares = share::Entity::find().order_by_asc(share::Column::LineNo).all(t.direct()).await.unwrap();
        for ((order, basis), run) in last {
            let row = supplier_order::Entity::find_by_id(order).one(t.direct()).await.unwrap().unwrap();
            let net = row.accepted_fen.get() - row.credited_fen.get();
            let due = if basis == "accrued" { row.paid_fen.get() } else { net };
            assert_eq!(run.attributable_fen.get(), due, "{place}: {basis} of {order}");
            let inputs = OrderInputs::from_canonical(&run.inputs).unwrap();
            let mut shuffled: Vec<Inputs> = inputs.parts().cloned().collect();
            for part in &mut shuffled {
                self.random.shuffle(&mut part.roster);
            }
            let first = shuffled.remove(0);
            let outcome = attribute_order(&OrderInputs::new(first, shuffled)).unwrap();
            let kept: Vec<_> = shares
                .iter()
                .filter(|share| share.run_id == run.id)
                .map(|share| (share.agreement_id, share.amount_fen))
                .collect();
            let again: Vec<_> = outcome.shares.iter().map(|share| (share.agreement_id, share.amount_fen)).collect();
            assert_eq!(again, kept, "{place}: {basis} of {order}");
        }
    }
}

both! {
    /// Conservation, nothing below nothing, instalments are one shot, the order of the roster is nothing, reversed is as
    /// before, and what is refused changes nothing: after every step of any history.
    async fn any_history_of_income_keeps_its_promises(t: TestApp) {
        let from_outside = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
        let steps = from_outside("LIANNONG_STEPS").unwrap_or(40);
        let seed = from_outside("LIANNONG_SEED").unwrap_or_else(|| fastrand::u64(..));
        println!("LIANNONG_SEED={seed}");
        let mut history = History::begin(t, seed).await;
        let (mut done, mut refused) = (0, 0);
        for step in 0..steps {
            let before = everything(t).await;
            let (told, status) = history.step(t).await;
            let place = format!("seed {seed}, step {step}: {told} ({status})");
            assert!(status < 500, "{place}");
            if status >= 400 {
                refused += 1;
                assert!(everything(t).await == before, "{place}: refused, and something changed");
            } else {
                done += 1;
            }
            t.drain().await;
            history.holds(t, &place).await;
            if step % 8 == 7 {
                history.there_and_back(t, &place).await;
                history.is_one_shot(t, &place).await;
            }
        }
        let place = format!("seed {seed}, {done} done, {refused} refused");
        history.is_one_shot(t, &place).await;
        let sound = report(t).await;
        assert!(sound.is_sound(), "{place}: {sound}");
    }
}
