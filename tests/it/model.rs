//! Thousands of random acts over orders, beside a small model in memory: after each, the house says of every order what
//! the model says, and the sums hold.
//!
//! `LIANNONG_SEED` runs one sequence again, `LIANNONG_STEPS` makes it longer; the seed is printed.

use crate::harness::*;
use crate::procurement::{Buyer, Seller, assert_sound, fresh_key, stock};
use chrono::{DateTime, Duration, Utc};
use entity::value::{Clock, CreditCode, LotId, OrganisationKind, ProductId, QuotaFigure, Role, business_date};
use entity::{organisation, quota_entry};
use liannong::config::Config;
use liannong::deadline;
use sea_orm::{ConnectionTrait, EntityTrait, Statement};
use serde_json::{Value, json};

/// What a budget holds: orders are refused when it is used up.
const BUDGET: i64 = 600_000;
/// Packs of the scarce product.
const SCARCE: i64 = 60;

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

    /// What is still to come, in fen.
    fn outstanding(&self) -> i64 {
        (self.due() + self.under_way()) * self.price
    }

    fn net(&self) -> i64 {
        self.accepted * self.price - self.credited
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

struct World<'t> {
    t: &'t TestApp,
    buyer: Buyer,
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
    refused: usize,
}

impl<'t> World<'t> {
    async fn new(t: &'t TestApp, seed: u64) -> Self {
        let buyer = Buyer::with_budget(t, BUDGET).await;
        let platform = t.organisation(OrganisationKind::PlatformOperator, "110101").await;
        let operator = t.member(Role::PlatformOperator, platform).await;
        let sellers = [Seller::open(t).await, Seller::open(t).await];
        let prices = [1_000, 1_370];
        let on_hand = [SCARCE, 1_000_000];
        let products =
            [sellers[0].product(t, prices[0], on_hand[0]).await, sellers[1].product(t, prices[1], on_hand[1]).await];
        let lots =
            [sellers[0].lot(t, products[0], 1_000_000_000).await, sellers[1].lot(t, products[1], 1_000_000_000).await];
        let mut codes = [None, None];
        for (code, seller) in codes.iter_mut().zip(&sellers) {
            let row = organisation::Entity::find_by_id(seller.id).one(t.direct()).await.unwrap().unwrap();
            *code = row.credit_code;
        }
        let chance = fastrand::Rng::with_seed(seed);
        let (deals, filed) = (Vec::new(), Vec::new());
        Self { t, buyer, operator, sellers, products, prices, lots, codes, on_hand, deals, filed, chance, refused: 0 }
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
        BUDGET - self.deals.iter().map(|deal| deal.bound() + deal.spent()).sum::<i64>()
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

    async fn order(&mut self) {
        let mut wanted = Vec::new();
        for product in 0..2 {
            if self.chance.bool() || (product == 1 && wanted.is_empty()) {
                wanted.push((product, self.chance.i64(1..12)));
            }
        }
        let is_pay_first = self.chance.bool();
        let sum: i64 = wanted.iter().map(|(product, packs)| packs * self.prices[*product]).sum();
        let may = sum <= self.available() && wanted.iter().all(|(product, packs)| *packs <= self.free(*product));
        let lines: Vec<_> = wanted.iter().map(|(product, packs)| (self.products[*product], *packs)).collect();
        let mut body = self.buyer.wanted(&lines);
        body["terms"] = json!(if is_pay_first { "pay_first" } else { "goods_first" });
        let reply = self.t.post("/orders").by(&self.buyer.officer).key(&fresh_key()).json(body).await;
        if !self.agree("order", may, &reply) {
            return;
        }
        let made = reply.created();
        for (part, (product, packs)) in made["supplier_orders"].as_array().unwrap().iter().zip(wanted) {
            self.deals.push(Deal {
                id: part["id"].as_str().unwrap().to_owned(),
                line: part["lines"][0]["id"].clone(),
                code: part["transfer_code"].as_str().unwrap().to_owned(),
                product,
                price: self.prices[product],
                ordered: packs,
                reserved: packs,
                is_pay_first,
                placed_at: self.t.clock.now(),
                ..Deal::default()
            });
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
        }
    }

    /// A row of a bank statement with the order's code.
    async fn pay(&mut self, at: usize) {
        let deal = self.deals[at].clone();
        let payable = match deal.state() {
            "awaiting_payment" => deal.outstanding() - deal.prepaid,
            _ if deal.invoiced > 0 => deal.open_fen(),
            _ => 0,
        };
        let amount = match self.chance.u8(0..4) {
            0 if payable > 1 => self.chance.i64(1..payable),
            1 => payable + self.chance.i64(1..500),
            _ => payable.max(1),
        };
        let day = business_date(self.t.clock.now());
        // What comes early waits under its code and is matched later, which the model does not follow: it comes without.
        let memo = if payable > 0 { deal.code.as_str() } else { "货款" };
        let file = format!(
            "booked_on,payer_name,payer_account,amount_yuan,memo,bank_reference\n{day},某县国库,,{}.{:02},{},{}\n",
            amount / 100,
            amount % 100,
            memo,
            fresh_key()
        );
        let reply = self.t.post("/bank-statements?name=model").by(&self.operator).key(&fresh_key());
        let matched = reply.bytes("text/csv", file.into_bytes()).await.created()["rows_matched"] == 1;
        println!("    pay {amount} of {payable}: {matched}");
        assert_eq!(matched, payable > 0, "{deal:?}");
        if matched {
            let part = amount.min(payable);
            let deal = &mut self.deals[at];
            if deal.state() == "awaiting_payment" {
                deal.prepaid += part;
            } else {
                deal.paid += part;
            }
            deal.overpaid += amount - part;
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
        let body = json!({ "kind": "quality", "reason": "霉变", "lines": [{ "line_id": deal.line, "packs": packs }] });
        let reply = self.act(at, &self.buyer.officer.clone(), "returns", body).await;
        if !self.agree("return", may, &reply) {
            return;
        }
        let number = deal.returns + 1;
        let is_restocked = self.chance.bool();
        let disposition = if is_restocked { "restocked" } else { "written_off" };
        let body = json!({ "lines": [{ "line_id": deal.line, "disposition": disposition }] });
        let reply = self.act(at, &self.clerk(at), &format!("returns/{number}/receive"), body).await;
        self.agree("take back", true, &reply);
        if is_restocked {
            self.on_hand[deal.product] += packs;
        }
        let deal = &mut self.deals[at];
        let unpaid = (packs * deal.price).min(deal.open_fen());
        deal.returns = number;
        deal.returned += packs;
        deal.credited += packs * deal.price;
        deal.refunded += packs * deal.price - unpaid;
        deal.paid -= packs * deal.price - unpaid;
    }

    /// Money goes back to the buyer, once or, by mistake, too much.
    async fn refund(&mut self, at: usize) {
        let deal = self.deals[at].clone();
        let clerk = self.clerk(at);
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
        println!("    to {now}: {expired} expired");
    }

    async fn step(&mut self) {
        let live: Vec<usize> = (0..self.deals.len()).filter(|at| self.deals[*at].state() != "cancelled").collect();
        let act = self.chance.u8(0..40);
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
            _ => self.file().await,
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
            ];
            let should = [
                deal.accepted * deal.price,
                deal.paid,
                deal.prepaid,
                deal.unused,
                deal.credited,
                deal.refunded,
                deal.overpaid,
                deal.repaid,
                deal.invoiced,
                deal.withdrawn * deal.price,
            ];
            assert_eq!((row.state.as_str(), is.map(|fen| fen.get())), (deal.state(), should), "{deal:?}");
            ordered += deal.ordered * deal.price;
            accepted += deal.net();
            paid += deal.paid.min(deal.net());
            completed += if deal.state() == "completed" { deal.paid.min(deal.net()) } else { 0 };
        }
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
        assert!(bound + spent <= BUDGET);
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
        let steps = from_environment("LIANNONG_STEPS").unwrap_or(160);
        println!("LIANNONG_SEED={seed} LIANNONG_STEPS={steps}");
        // Nobody asks so fast but a test.
        let limit = std::num::NonZeroU32::MAX;
        let config = Config { requests_per_minute: limit, public_requests_per_minute: limit, ..t.app.config.clone() };
        let t = &TestApp::configured(t, config).await;
        let mut world = World::new(t, seed).await;
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
        println!("{} orders in {} states, {} refusals", world.deals.len(), states.len(), world.refused);
    }
}
