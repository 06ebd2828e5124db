//! Thousands of random acts over orders, beside a small model in memory: after each, the house says of every order what
//! the model says, and the sums hold. Goods of one of the two suppliers are carried for money; what is dear is ordered
//! only after somebody agreed; money comes before the goods, with them, late, early, too much, or from a stranger.
//!
//! `LIANNONG_SEED` runs one sequence again, `LIANNONG_STEPS` makes it longer; the seed is printed.

use crate::harness::*;
use crate::procurement::{Buyer, Seller, assert_sound, fresh_key, stock};
use crate::supply_orders::travels;
use chrono::{DateTime, Duration, Utc};
use entity::value::{
    Clock, CreditCode, LotId, OrganisationKind, ProductId, QuotaFigure, RequestState, Role, business_date,
};
use entity::{organisation, purchase_request, quota_entry};
use liannong::config::Config;
use liannong::jobs::Scheduled;
use liannong::{deadline, jobs, purchase};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Statement};
use serde_json::{Value, json};

/// What a budget holds for each act of a run: orders are refused when it is used up.
const BUDGET_AN_ACT: i64 = 3_750;
/// Acts for which there is one pack of the scarce product.
const ACTS_A_PACK: i64 = 3;
/// From this value of goods on the unit's approver has to agree.
const DEAR: i64 = 9_000;
/// A request that nobody decides ends after so many days.
const DECIDED_WITHIN: i64 = 30;

/// What carrying so many packs of a kilogram costs, as `travels` has it; the first product travels for nothing.
fn carriage(product: usize, packs: i64) -> i64 {
    if product == 0 { 0 } else { 600 + (packs - 1) * 100 }
}

/// An order of one line, as the model knows it. Amounts in fen, quantities in packs.
#[derive(Debug, Clone, Default)]
struct Deal {
    id: String,
    line: Value,
    code: String,
    product: usize,
    price: i64,
    ordered: i64,
    withdrawn: i64,
    shipped: i64,
    accepted: i64,
    refused: i64,
    returned: i64,
    reserved: i64,
    open: Vec<(i64, i64)>,
    shipments: i64,
    returns: i64,
    is_pay_first: bool,
    is_confirmed: bool,
    is_rated: bool,
    paid: i64,
    prepaid: i64,
    unused: i64,
    refunded: i64,
    credited: i64,
    overpaid: i64,
    repaid: i64,
    restored: i64,
    invoiced: i64,
    freight: i64,
    freight_credited: i64,
    /// Whether nothing went back at the buyer's cost so far.
    is_borne: bool,
    /// Money that came before it could be taken, in the order in which it came.
    waiting: Vec<i64>,
    placed_at: DateTime<Utc>,
    pay_by: Option<DateTime<Utc>>,
    accepted_at: Option<DateTime<Utc>>,
}

impl Deal {
    fn due(&self) -> i64 {
        self.ordered - self.withdrawn - self.shipped + self.refused
    }

    fn under_way(&self) -> i64 {
        self.open.iter().map(|(_, packs)| packs).sum()
    }

    /// Whether nothing is to come any more.
    fn is_over(&self) -> bool {
        self.due() + self.under_way() == 0
    }

    /// What is still to come, in fen: with the carriage, as long as nothing was accepted.
    fn outstanding(&self) -> i64 {
        let carried = if self.accepted == 0 && !self.is_over() { self.freight } else { 0 };
        (self.due() + self.under_way()) * self.price + carried
    }

    /// What was accepted, in fen: with the carriage from the first pack on.
    fn accepted_fen(&self) -> i64 {
        if self.accepted == 0 { 0 } else { self.accepted * self.price + self.freight }
    }

    /// What will not come, in fen: with the carriage when nothing ever came.
    fn dropped_fen(&self) -> i64 {
        let in_vain = if self.accepted == 0 && self.is_over() { self.freight } else { 0 };
        self.withdrawn * self.price + in_vain
    }

    fn net(&self) -> i64 {
        self.accepted_fen() - self.credited
    }

    /// What money is taken for now.
    fn payable(&self) -> i64 {
        match self.state() {
            "awaiting_payment" => self.outstanding() - self.prepaid,
            _ if self.invoiced > 0 => self.open_fen(),
            _ => 0,
        }
    }

    /// Whether money that finds nothing to pay is too much, rather than too early.
    fn is_past_paying(&self) -> bool {
        self.invoiced > 0 || (self.is_pay_first && !matches!(self.state(), "placed" | "awaiting_payment"))
    }

    /// What came early is taken as far as it goes, the first first.
    fn take_waiting(&mut self) {
        let (is_advance, mut open) = (self.state() == "awaiting_payment", self.payable());
        let mut left = Vec::new();
        for amount in std::mem::take(&mut self.waiting) {
            let part = amount.min(open);
            if part == 0 {
                left.push(amount);
                continue;
            }
            open -= part;
            self.overpaid += amount - part;
            if is_advance {
                self.prepaid += part;
            } else {
                self.paid += part;
            }
        }
        self.waiting = left;
    }

    /// Takes an amount off what was accepted: what was not paid need not be, the rest is owed back.
    fn credit(&mut self, amount: i64) {
        let unpaid = amount.min(self.open_fen());
        self.credited += amount;
        self.refunded += amount - unpaid;
        self.paid -= amount - unpaid;
    }

    /// The carriage falls with the last goods, when the supplier bore all that went back.
    fn credit_carriage(&mut self) {
        let is_back = self.accepted > 0 && self.accepted == self.returned;
        if self.is_over() && is_back && self.is_borne && self.freight_credited == 0 {
            self.freight_credited = self.freight;
            self.credit(self.freight);
        }
    }

    fn open_fen(&self) -> i64 {
        self.net() - self.paid
    }

    fn owed(&self) -> i64 {
        self.refunded + self.overpaid + self.unused - self.repaid
    }

    /// What its budget holds for it.
    fn bound(&self) -> i64 {
        self.outstanding() + self.open_fen() - self.prepaid
    }

    fn spent(&self) -> i64 {
        self.paid + self.refunded + self.prepaid + self.unused - self.restored
    }

    fn state(&self) -> &'static str {
        match () {
            () if self.shipped == 0 && self.due() == 0 => "cancelled",
            () if self.shipped == 0 && !self.is_confirmed => "placed",
            () if self.shipped == 0 && self.is_pay_first && self.prepaid < self.outstanding() => "awaiting_payment",
            () if self.shipped == 0 => "confirmed",
            () if self.due() > 0 => "partly_shipped",
            () if self.under_way() > 0 => "shipped",
            () if self.accepted == 0 => "refused",
            () if self.net() == 0 => "returned",
            () if self.is_rated => "completed",
            () if self.invoiced < self.net() => "accepted",
            () if self.paid < self.net() => "invoiced",
            () => "paid",
        }
    }

    /// Money that came before pays for what is accepted, and what no goods are left for is owed back.
    fn use_advance(&mut self) {
        let used = self.prepaid.min(self.open_fen());
        self.prepaid -= used;
        self.paid += used;
        let surplus = (self.prepaid - self.outstanding()).max(0);
        self.prepaid -= surplus;
        self.unused += surplus;
    }

    fn call_off(&mut self) {
        self.withdrawn = self.ordered;
        self.reserved = 0;
        self.use_advance();
    }
}

/// What was asked for and is not decided.
#[derive(Debug, Clone)]
struct Request {
    id: String,
    wanted: Vec<(usize, i64)>,
    is_pay_first: bool,
    is_returned: bool,
    expires_at: DateTime<Utc>,
}

struct World<'t> {
    t: &'t TestApp,
    buyer: Buyer,
    buyer_name: String,
    approver: Person,
    requests: Vec<Request>,
    operator: Person,
    sellers: [Seller; 2],
    products: [ProductId; 2],
    prices: [i64; 2],
    lots: [LotId; 2],
    codes: [Option<CreditCode>; 2],
    on_hand: [i64; 2],
    deals: Vec<Deal>,
    filed: Vec<i64>,
    chance: fastrand::Rng,
    budget: i64,
    refused: usize,
}

impl<'t> World<'t> {
    async fn new(t: &'t TestApp, seed: u64, steps: u64) -> Self {
        let steps = i64::try_from(steps).unwrap();
        let budget = BUDGET_AN_ACT * steps;
        let buyer = Buyer::with_budget(t, budget).await;
        let unit = buyer.officer.member.organisation;
        let buyer_name = organisation::Entity::find_by_id(unit).one(t.direct()).await.unwrap().unwrap().name;
        let approver = t.member(Role::Approver, unit).await;
        let rule = json!({ "organisation_id": unit, "code": "科室审批", "amount_from_fen": DEAR,
            "steps": [{ "role": "approver" }], "document": "《采购内控管理办法》第八条" });
        t.post("/approval-rules").by(&buyer.finance).json(rule).await.created();
        let platform = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
        let operator = t.member(Role::PlatformOperator, platform).await;
        let sellers = [Seller::open(t).await, Seller::open(t).await];
        let prices = [1_000, 1_370];
        let on_hand = [steps / ACTS_A_PACK, 1_000_000];
        let products =
            [sellers[0].product(t, prices[0], on_hand[0]).await, sellers[1].product(t, prices[1], on_hand[1]).await];
        travels(t, &sellers[1].clerk, products[1], None).await;
        let lots =
            [sellers[0].lot(t, products[0], 1_000_000_000).await, sellers[1].lot(t, products[1], 1_000_000_000).await];
        let mut codes = [None, None];
        for (code, seller) in codes.iter_mut().zip(&sellers) {
            let row = organisation::Entity::find_by_id(seller.id).one(t.direct()).await.unwrap().unwrap();
            *code = row.credit_code;
        }
        let chance = fastrand::Rng::with_seed(seed);
        let (deals, filed, requests) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            t,
            buyer,
            buyer_name,
            approver,
            requests,
            operator,
            sellers,
            products,
            prices,
            lots,
            codes,
            on_hand,
            deals,
            filed,
            chance,
            budget,
            refused: 0,
        }
    }

    fn clerk(&self, deal: usize) -> Person {
        self.sellers[self.deals[deal].product].clerk.clone()
    }

    async fn shown(&self, deal: usize) -> Value {
        self.t.get(&format!("/supplier-orders/{}", self.deals[deal].id)).by(&self.buyer.officer).await.ok()
    }

    async fn act(&self, deal: usize, by: &Person, act: &str, body: Value) -> Reply {
        let shown = self.shown(deal).await;
        let path = format!("/supplier-orders/{}/{act}", self.deals[deal].id);
        self.t.post(&path).by(by).key(&fresh_key()).version(&shown["version"]).json(body).await
    }

    /// What the model says against what came back: done when it may be, refused when it may not.
    fn agree(&mut self, what: &str, may: bool, reply: &Reply) -> bool {
        let body = String::from_utf8_lossy(&reply.body);
        println!("    {what}: {} ({})", reply.status, if may { "may" } else { "may not" });
        assert_eq!(reply.status < 300, may, "{what}: {body}");
        assert!(reply.status < 500, "{what}: {body}");
        self.refused += usize::from(!may);
        may
    }

    fn free(&self, product: usize) -> i64 {
        let reserved = self.deals.iter().filter(|deal| deal.product == product).map(|deal| deal.reserved);
        self.on_hand[product] - reserved.sum::<i64>()
    }

    fn available(&self) -> i64 {
        self.budget - self.deals.iter().map(|deal| deal.bound() + deal.spent()).sum::<i64>()
    }

    async fn file(&mut self) {
        let year = self.chance.i64(2026..2029);
        let content = json!({ "kind": "has_canteen", "canteen_total_fen": 1_000_000, "canteen_reserved_fen": 150_000,
            "union_total_fen": 0, "union_reserved_fen": 0, "diners": 300 });
        let wanted = json!({ "year": year, "content": content });
        let may = !self.filed.contains(&year);
        let reply = self.t.post("/quota-filings").by(&self.buyer.officer).json(wanted).await;
        if self.agree("file", may, &reply) {
            self.filed.push(year);
        }
    }

    /// One or both products, some packs of each, paid first or later.
    fn wish(&mut self) -> (Vec<(usize, i64)>, bool) {
        let mut wanted = Vec::new();
        for product in 0..2 {
            if self.chance.bool() || (product == 1 && wanted.is_empty()) {
                wanted.push((product, self.chance.i64(1..12)));
            }
        }
        (wanted, self.chance.bool())
    }

    fn goods(&self, wanted: &[(usize, i64)]) -> i64 {
        wanted.iter().map(|(product, packs)| packs * self.prices[*product]).sum()
    }

    /// Whether budget and stock suffice.
    fn is_there(&self, wanted: &[(usize, i64)]) -> bool {
        let carried: i64 = wanted.iter().map(|(product, packs)| carriage(*product, *packs)).sum();
        self.goods(wanted) + carried <= self.available()
            && wanted.iter().all(|(product, packs)| *packs <= self.free(*product))
    }

    fn body(&self, wanted: &[(usize, i64)], is_pay_first: bool) -> Value {
        let lines: Vec<_> = wanted.iter().map(|(product, packs)| (self.products[*product], *packs)).collect();
        let mut body = self.buyer.wanted(&lines);
        body["terms"] = json!(if is_pay_first { "pay_first" } else { "goods_first" });
        body
    }

    /// An order that was placed: one deal of each supplier.
    fn note(&mut self, made: &Value, wanted: &[(usize, i64)], is_pay_first: bool) {
        for part in made["supplier_orders"].as_array().unwrap() {
            let id = part["supplier_id"].as_str().unwrap();
            let product = self.sellers.iter().position(|seller| seller.id.to_string() == id).unwrap();
            let packs = wanted.iter().find(|(wanted, _)| *wanted == product).unwrap().1;
            self.deals.push(Deal {
                id: part["id"].as_str().unwrap().to_owned(),
                line: part["lines"][0]["id"].clone(),
                code: part["transfer_code"].as_str().unwrap().to_owned(),
                product,
                price: self.prices[product],
                ordered: packs,
                reserved: packs,
                freight: carriage(product, packs),
                is_borne: true,
                is_pay_first,
                placed_at: self.t.clock.now(),
                ..Deal::default()
            });
        }
    }

    /// Ordered at once: what is dear is refused, for somebody has to agree to it first.
    async fn order(&mut self) {
        let (wanted, is_pay_first) = self.wish();
        let may = self.goods(&wanted) < DEAR && self.is_there(&wanted);
        let body = self.body(&wanted, is_pay_first);
        let reply = self.t.post("/orders").by(&self.buyer.officer).key(&fresh_key()).json(body).await;
        if self.agree("order", may, &reply) {
            self.note(&reply.created(), &wanted, is_pay_first);
        }
    }

    /// What became of a request: an order, or it waits.
    async fn follow(&mut self, shown: &Value, wanted: Vec<(usize, i64)>, is_pay_first: bool) {
        let is_dear = self.goods(&wanted) >= DEAR;
        assert_eq!(shown["state"], if is_dear { "waiting" } else { "placed" }, "{shown}");
        if is_dear {
            let (id, expires_at) = (shown["id"].as_str().unwrap().to_owned(), self.t.clock.now());
            let expires_at = expires_at + Duration::days(DECIDED_WITHIN);
            self.requests.push(Request { id, wanted, is_pay_first, is_returned: false, expires_at });
        } else {
            self.note_placed(shown, &wanted, is_pay_first).await;
        }
    }

    async fn note_placed(&mut self, request: &Value, wanted: &[(usize, i64)], is_pay_first: bool) {
        let path = format!("/orders/{}", request["order_id"].as_str().unwrap());
        let order = self.t.get(&path).by(&self.buyer.officer).await.ok();
        assert_eq!(order["total_fen"], request["total_fen"], "what was approved is what is ordered");
        self.note(&order, wanted, is_pay_first);
    }

    async fn ask(&mut self) {
        let (wanted, is_pay_first) = self.wish();
        let may = self.is_there(&wanted);
        let body = json!({ "order": self.body(&wanted, is_pay_first), "note": "食堂用" });
        let reply = self.t.post("/purchase-requests").by(&self.buyer.officer).key(&fresh_key()).json(body).await;
        if self.agree("ask", may, &reply) {
            self.follow(&reply.created(), wanted, is_pay_first).await;
        }
    }

    /// One act of one person on one request: agreed to, sent back, asked for again or taken back, also by whoever may not.
    async fn decide(&mut self) {
        let Some(at) = self.chance.choice(0..self.requests.len()) else { return self.ask().await };
        let request = self.requests[at].clone();
        let (officer, approver) = (self.buyer.officer.clone(), self.approver.clone());
        let (act, by, body, may) = match self.chance.u8(0..10) {
            0..=3 => ("approve", approver, json!({}), !request.is_returned && self.is_there(&request.wanted)),
            4..=5 => ("return", approver, json!({ "reason": "请核减" }), !request.is_returned),
            6 => ("approve", officer, json!({}), false),
            7..=8 => ("resubmit", officer, json!({}), request.is_returned && self.is_there(&request.wanted)),
            _ => ("withdraw", officer, json!({ "reason": "计划取消" }), true),
        };
        let path = format!("/purchase-requests/{}", request.id);
        let shown = self.t.get(&path).by(&self.approver).await.ok();
        let call = self.t.post(&format!("{path}/{act}")).by(&by).key(&fresh_key()).version(&shown["version"]);
        let reply = call.json(body).await;
        if !self.agree(act, may, &reply) {
            return;
        }
        let Request { wanted, is_pay_first, .. } = self.requests.remove(at);
        match act {
            "approve" => self.note_placed(&reply.ok(), &wanted, is_pay_first).await,
            "return" => self.requests.push(Request { is_returned: true, ..request }),
            "resubmit" => self.follow(&reply.ok(), wanted, is_pay_first).await,
            _ => {}
        }
    }

    async fn confirm(&mut self, deal: usize) {
        let may = self.deals[deal].state() == "placed";
        let reply = self.act(deal, &self.clerk(deal), "confirm", json!(null)).await;
        if self.agree("confirm", may, &reply) {
            let pay_by = self.t.clock.now() + Duration::days(30);
            let deal = &mut self.deals[deal];
            deal.is_confirmed = true;
            deal.pay_by = (deal.state() == "awaiting_payment").then_some(pay_by);
            deal.take_waiting();
        }
    }

    async fn ship(&mut self, at: usize) {
        let deal = self.deals[at].clone();
        let packs = self.chance.i64(1..=deal.due().max(1));
        let extra = (packs - deal.reserved).max(0);
        let may = matches!(deal.state(), "confirmed" | "partly_shipped")
            && packs <= deal.due()
            && (extra == 0 || extra <= self.free(deal.product));
        let body = json!({ "carrier": "中国邮政", "tracking_number": "EA1", "partial": true,
            "lots": [{ "line_id": deal.line, "lot_id": self.lots[deal.product], "packs": packs }] });
        let reply = self.act(at, &self.clerk(at), "ship", body).await;
        if self.agree("ship", may, &reply) {
            self.on_hand[deal.product] -= packs;
            let deal = &mut self.deals[at];
            deal.reserved -= packs.min(deal.reserved);
            deal.shipped += packs;
            deal.shipments += 1;
            deal.open.push((deal.shipments, packs));
        }
    }

    async fn accept(&mut self, at: usize) {
        let deal = self.deals[at].clone();
        let may = matches!(deal.state(), "shipped" | "partly_shipped") && !deal.open.is_empty();
        let place = self.chance.usize(0..deal.open.len().max(1));
        let (number, packs) = deal.open.get(place).copied().unwrap_or((1, 1));
        let accepted = if self.chance.u8(0..3) == 0 { self.chance.i64(0..=packs) } else { packs };
        let replace = self.chance.bool();
        let line = json!({ "line_id": deal.line, "accepted_packs": accepted, "replace": replace,
            "refusal_reason": "外箱破损" });
        let reply =
            self.act(at, &self.buyer.officer.clone(), "accept", json!({ "shipment": number, "lines": [line] })).await;
        if self.agree("accept", may, &reply) {
            let now = self.t.clock.now();
            let deal = &mut self.deals[at];
            deal.open.remove(place);
            deal.accepted += accepted;
            deal.refused += packs - accepted;
            if !replace {
                deal.withdrawn += packs - accepted;
            }
            deal.accepted_at = Some(now);
            deal.use_advance();
            deal.credit_carriage();
        }
    }

    async fn amend(&mut self, at: usize) {
        let deal = self.deals[at].clone();
        let packs = self.chance.i64(1..=deal.due().max(1));
        let known = ["placed", "awaiting_payment", "confirmed", "partly_shipped"];
        let may = known.contains(&deal.state()) && packs <= deal.due();
        let body = json!({ "reason": "就餐人数减少", "lines": [{ "line_id": deal.line, "withdrawn_packs": packs }] });
        let reply = self.act(at, &self.buyer.officer.clone(), "amend", body).await;
        if self.agree("amend", may, &reply) {
            let deal = &mut self.deals[at];
            deal.withdrawn += packs;
            deal.reserved = deal.reserved.min(deal.due());
            deal.use_advance();
            deal.credit_carriage();
        }
    }

    async fn cancel(&mut self, at: usize) {
        let may = matches!(self.deals[at].state(), "placed" | "awaiting_payment" | "confirmed");
        let body = json!({ "reason": "采购计划调整" });
        let reply = self.act(at, &self.buyer.officer.clone(), "cancel", body).await;
        if self.agree("cancel", may, &reply) {
            self.deals[at].call_off();
        }
    }

    async fn invoice(&mut self, at: usize) {
        let deal = self.deals[at].clone();
        let most = (deal.net() - deal.invoiced).max(0);
        let amount = if most > 1 && self.chance.bool() { self.chance.i64(1..most) } else { most.max(1) };
        let known = ["partly_shipped", "shipped", "accepted", "invoiced", "paid", "completed"];
        let may = known.contains(&deal.state()) && amount <= most;
        let body = json!({ "number": crate::procurement::invoice_number(), "amount_fen": amount,
            "issued_on": business_date(self.t.clock.now()), "seller_credit_code": self.codes[deal.product] });
        let reply = self.act(at, &self.clerk(at), "invoice", body).await;
        if self.agree("invoice", may, &reply) {
            self.deals[at].invoiced += amount;
            self.deals[at].take_waiting();
        }
    }

    /// A row of a bank statement with the order's code: in time, early, too much, or from a stranger.
    async fn pay(&mut self, at: usize) {
        let deal = self.deals[at].clone();
        let payable = deal.payable();
        let amount = match self.chance.u8(0..4) {
            0 if payable > 1 => self.chance.i64(1..payable),
            1 => payable + self.chance.i64(1..500),
            _ if payable == 0 => self.chance.i64(1..=deal.outstanding().max(1)),
            _ => payable,
        };
        let day = business_date(self.t.clock.now());
        let is_stranger = self.chance.u8(0..10) == 0;
        let payer = if is_stranger { "无关单位" } else { self.buyer_name.as_str() };
        let file = format!(
            "booked_on,payer_name,payer_account,amount_yuan,memo,bank_reference\n{day},{payer},,{}.{:02},{},{}\n",
            amount / 100,
            amount % 100,
            deal.code,
            fresh_key()
        );
        let reply = self.t.post("/bank-statements?name=model").by(&self.operator).key(&fresh_key());
        let matched = reply.bytes("text/csv", file.into_bytes()).await.created()["rows_matched"] == 1;
        println!("    pay {amount} of {payable} as {payer}: {matched}");
        assert_eq!(matched, payable > 0 && !is_stranger, "{deal:?}");
        let deal = &mut self.deals[at];
        if matched {
            let part = amount.min(payable);
            if deal.state() == "awaiting_payment" {
                deal.prepaid += part;
            } else {
                deal.paid += part;
            }
            deal.overpaid += amount - part;
        } else if !is_stranger && !deal.is_past_paying() {
            deal.waiting.push(amount);
        }
    }

    /// Goods go back: asked for by the buyer, taken back by the supplier.
    async fn give_back(&mut self, at: usize) {
        let deal = self.deals[at].clone();
        let left = deal.accepted - deal.returned;
        let packs = self.chance.i64(1..=left.max(1));
        let known = ["partly_shipped", "shipped", "accepted", "invoiced", "paid", "completed"];
        let days = |at: DateTime<Utc>| (business_date(self.t.clock.now()) - business_date(at)).num_days();
        let is_early = deal.accepted_at.is_none_or(|at| days(at) <= 7);
        let may = known.contains(&deal.state()) && packs <= left && is_early;
        let kind = if self.chance.u8(0..4) == 0 { "other" } else { "quality" };
        let body = json!({ "kind": kind, "reason": "霉变", "lines": [{ "line_id": deal.line, "packs": packs }] });
        let reply = self.act(at, &self.buyer.officer.clone(), "returns", body).await;
        if !self.agree("return", may, &reply) {
            return;
        }
        let number = deal.returns + 1;
        let is_restocked = self.chance.bool();
        let disposition = if is_restocked { "restocked" } else { "written_off" };
        let bears = self.chance.bool();
        let lines = json!([{ "line_id": deal.line, "disposition": disposition }]);
        let body = json!({ "lines": lines, "bears_freight": bears });
        let reply = self.act(at, &self.clerk(at), &format!("returns/{number}/receive"), body).await;
        self.agree("take back", true, &reply);
        if is_restocked {
            self.on_hand[deal.product] += packs;
        }
        let deal = &mut self.deals[at];
        deal.returns = number;
        deal.returned += packs;
        deal.is_borne &= bears || kind == "quality";
        deal.credit(packs * deal.price);
        deal.credit_carriage();
    }

    /// Money goes back to the buyer, once or, by mistake, too much.
    async fn refund(&mut self, at: usize) {
        let deal = self.deals[at].clone();
        // Whoever granted the credit does not record its payment.
        let clerk = self.t.member(Role::CooperativeClerk, self.clerk(at).member.organisation).await;
        let amount = if self.chance.u8(0..5) == 0 { deal.owed() + 1 } else { self.chance.i64(1..=deal.owed().max(1)) };
        let may = amount <= deal.owed();
        let made = self.t.post("/files?name=slip.pdf").by(&clerk);
        let evidence = made.bytes("application/pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n".to_vec()).await.created();
        let body = json!({ "amount_fen": amount, "paid_on": business_date(self.t.clock.now()),
            "reference": fresh_key(), "evidence_file_id": evidence["id"] });
        let reply = self.act(at, &clerk, "refund-payments", body).await;
        if self.agree("refund", may, &reply) {
            let deal = &mut self.deals[at];
            deal.repaid += amount;
            deal.restored = deal.repaid.min(deal.refunded + deal.unused).max(deal.restored);
        }
    }

    async fn rate(&mut self, at: usize) {
        let may = self.deals[at].state() == "paid";
        let body = json!({ "quality": 5, "delivery": 4, "service": 5 });
        let reply = self.act(at, &self.buyer.officer.clone(), "rate", body).await;
        if self.agree("rate", may, &reply) {
            self.deals[at].is_rated = true;
        }
    }

    /// Days pass, and the clocks of orders that ran out act: once.
    async fn expire(&mut self) {
        self.t.clock.advance(Duration::days(self.chance.i64(1..12)));
        let now = self.t.clock.now();
        deadline::run(&self.t.app).await.unwrap();
        assert_eq!(deadline::run(&self.t.app).await.unwrap(), 0, "a clock acted twice");
        let mut expired = 0;
        for deal in &mut self.deals {
            let is_over = match deal.state() {
                "placed" => deal.placed_at + Duration::days(15) <= now,
                "awaiting_payment" => deal.pay_by.is_some_and(|by| by <= now),
                _ => false,
            };
            if is_over {
                deal.call_off();
                expired += 1;
            }
        }
        static REQUESTS: &[Scheduled] = &[purchase::EVERY_MINUTE];
        jobs::tick(&self.t.app, REQUESTS).await.unwrap();
        let before = self.requests.len();
        self.requests.retain(|request| request.expires_at > now);
        println!("    to {now}: {expired} orders and {} requests expired", before - self.requests.len());
    }

    async fn step(&mut self) {
        let mut live: Vec<usize> = (0..self.deals.len()).filter(|at| self.deals[*at].state() != "cancelled").collect();
        // Mostly the newest, so that orders come to their ends; now and then one that is long over.
        if self.chance.u8(0..8) > 0 {
            live.drain(..live.len().saturating_sub(5));
        }
        let act = self.chance.u8(0..48);
        let Some(at) = self.chance.choice(live) else { return self.order().await };
        match act {
            0..=5 => self.order().await,
            6..=9 => self.confirm(at).await,
            10..=15 => self.ship(at).await,
            16..=21 => self.accept(at).await,
            22..=23 => self.amend(at).await,
            24 => self.cancel(at).await,
            25..=28 => self.invoice(at).await,
            29..=32 => self.pay(at).await,
            33..=34 => self.give_back(at).await,
            35..=36 => self.refund(at).await,
            37 => self.rate(at).await,
            38 => self.expire().await,
            39 => self.file().await,
            40..=42 => self.ask().await,
            _ => self.decide().await,
        }
    }

    /// The house says what the model says.
    async fn compare(&self) {
        self.t.drain().await;
        let rows = entity::supplier_order::Entity::find().all(self.t.direct()).await.unwrap();
        assert_eq!(rows.len(), self.deals.len());
        let (mut ordered, mut accepted, mut paid, mut completed) = (0, 0, 0, 0);
        for deal in &self.deals {
            let row = rows.iter().find(|row| row.id.to_string() == deal.id).unwrap();
            let is = [
                row.accepted_fen,
                row.paid_fen,
                row.prepaid_fen,
                row.unused_fen,
                row.credited_fen,
                row.refunded_fen,
                row.overpaid_fen,
                row.repaid_fen,
                row.invoiced_fen,
                row.dropped_fen,
                row.freight_credited_fen,
            ];
            let should = [
                deal.accepted_fen(),
                deal.paid,
                deal.prepaid,
                deal.unused,
                deal.credited,
                deal.refunded,
                deal.overpaid,
                deal.repaid,
                deal.invoiced,
                deal.dropped_fen(),
                deal.freight_credited,
            ];
            assert_eq!((row.state.as_str(), is.map(|fen| fen.get())), (deal.state(), should), "{deal:?}");
            ordered += deal.ordered * deal.price + deal.freight;
            accepted += deal.net();
            paid += deal.paid.min(deal.net());
            completed += if deal.state() == "completed" { deal.paid.min(deal.net()) } else { 0 };
        }
        let waiting = [RequestState::Waiting, RequestState::Returned];
        let open = purchase_request::Column::State.is_in(waiting);
        let open = purchase_request::Entity::find().filter(open).count(self.t.direct()).await.unwrap();
        assert_eq!(open, u64::try_from(self.requests.len()).unwrap(), "requests that wait");
        let entries = quota_entry::Entity::find().all(self.t.direct()).await.unwrap();
        for (figure, should) in [
            (QuotaFigure::Ordered, ordered),
            (QuotaFigure::Accepted, accepted),
            (QuotaFigure::Paid, paid),
            (QuotaFigure::Completed, completed),
        ] {
            let is: i64 = entries.iter().filter(|row| row.figure == figure).map(|row| row.amount_fen).sum();
            assert_eq!(is, should, "the quota's figure {figure}");
        }
        let bound: i64 = self.deals.iter().map(Deal::bound).sum();
        let spent: i64 = self.deals.iter().map(Deal::spent).sum();
        assert_eq!(self.buyer.budget(self.t).await, (self.available(), bound, spent));
        assert!(bound + spent <= self.budget);
        for product in 0..2 {
            let reserved = self.deals.iter().filter(|deal| deal.product == product).map(|deal| deal.reserved).sum();
            assert_eq!(stock(self.t, self.products[product]).await, (self.on_hand[product], reserved));
        }
        let sql = "select posting_id from entry group by posting_id
                   having sum(case side when 'debit' then amount_fen else - amount_fen end) <> 0";
        let backend = self.t.direct().get_database_backend();
        let unbalanced = self.t.direct().query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
        assert!(unbalanced.is_empty(), "debits are not credits");
    }
}

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

both! {
    /// Whatever happens in whatever order, the house agrees with the model.
    async fn random_acts_agree_with_a_model(t: TestApp) {
        let seed = from_environment("LIANNONG_SEED").unwrap_or_else(|| fastrand::u64(..));
        let steps = from_environment("LIANNONG_STEPS").unwrap_or(120);
        println!("LIANNONG_SEED={seed} LIANNONG_STEPS={steps}");
        // Nobody asks so fast but a test.
        let limit = std::num::NonZeroU32::MAX;
        let config = Config { requests_per_minute: limit, public_requests_per_minute: limit, ..t.app.config.clone() };
        let t = &TestApp::configured(t, config).await;
        let mut world = World::new(t, seed, steps).await;
        for step in 1..=steps {
            println!("step {step} (LIANNONG_SEED={seed})");
            world.step().await;
            world.compare().await;
            if step % 200 == 0 {
                assert_sound(t).await;
            }
        }
        assert_sound(t).await;
        let mut states: Vec<_> = world.deals.iter().map(Deal::state).collect();
        states.sort_unstable();
        states.dedup();
        let carried = world.deals.iter().filter(|deal| deal.freight_credited > 0).count();
        println!("{} orders in {states:?}, {carried} with carriage back, {} refusals", world.deals.len(), world.refused);
    }
}
