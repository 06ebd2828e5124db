//! A few hundred orders, each taken through its life at past dates, in the order in which things happened.

use super::client::{Carrying, Client, DemoError, text};
use super::progress::Progress;
use super::supply::Listed;
use super::world::{World, version};
use crate::access::Member;
use crate::jobs;
use entity::value::time::HeldClock;
use entity::value::{Fen, Timestamp, business_date};
use fastrand::Rng;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What happens at an instant.
enum Act {
    /// A buyer orders.
    Place { number: usize },
    /// One supplier order goes on: confirmed, shipped, accepted, invoiced, or rated.
    GoOn { order: String, step: Step },
    /// The bank's statement of the week is imported.
    Statement,
    /// Cooperatives pay their households.
    PayOut { month: u32 },
}

#[derive(Clone, Copy)]
enum Step {
    Confirm,
    Ship,
    Accept,
    Invoice,
    Rate,
    Cancel,
}

/// Who serves and who buys a supplier order.
struct Parties {
    county: usize,
    buyer: Member,
}

/// A bank transfer on its way.
struct Transfer {
    payer: String,
    code: String,
    amount: Fen,
    due: Timestamp,
    order: String,
}

/// The market while it runs.
pub struct Market<'w> {
    client: &'w Client,
    clock: &'w HeldClock,
    world: &'w World,
    /// Budgets by buyer and year.
    budgets: BTreeMap<(entity::value::OrganisationId, i32), String>,
    /// What is on the shelf, by county.
    shelves: Vec<Vec<Listed>>,
    parties: BTreeMap<String, Parties>,
    transfers: Vec<Transfer>,
    agenda: BTreeMap<(Timestamp, u64), Act>,
    serial: u64,
    random: Rng,
}

impl<'w> Market<'w> {
    /// A market with these goods and budgets.
    pub fn new(
        client: &'w Client,
        clock: &'w HeldClock,
        world: &'w World,
        budgets: BTreeMap<(entity::value::OrganisationId, i32), String>,
        shelves: Vec<Vec<Listed>>,
        random: Rng,
    ) -> Self {
        let (parties, transfers, agenda) = (BTreeMap::new(), Vec::new(), BTreeMap::new());
        Self { client, clock, world, budgets, shelves, parties, transfers, agenda, serial: 0, random }
    }

    /// Runs `orders` orders evenly between two instants, and everything that follows from them until the last.
    pub async fn run(
        &mut self,
        orders: usize,
        from: Timestamp,
        until: Timestamp,
        progress: &Progress,
    ) -> Result<(), DemoError> {
        let step = (until - from) / i32::try_from(orders.max(1)).unwrap_or(1);
        let mut at = from;
        for number in 0..orders {
            self.plan(at, Act::Place { number });
            at += step;
        }
        let (mut week, mut month) = (from, 0);
        while week < until {
            self.plan(week, Act::Statement);
            week += chrono::Duration::days(7);
        }
        let mut payday = from + chrono::Duration::days(30);
        while payday < until {
            month += 1;
            self.plan(payday, Act::PayOut { month });
            payday += chrono::Duration::days(30);
        }
        while let Some(((at, _), act)) = self.agenda.pop_first() {
            if at >= until {
                break;
            }
            self.clock.set(at);
            if let Act::Place { number } = act {
                progress.step("订单 orders", number + 1, orders);
            }
            self.act(act).await?;
            jobs::drain(&self.client.app).await.map_err(|e| DemoError::new("background work", e))?;
        }
        Ok(())
    }

    fn plan(&mut self, at: Timestamp, act: Act) {
        self.serial += 1;
        self.agenda.insert((at, self.serial), act);
    }

    fn after_hours(&mut self, from: i64, to: i64) -> Timestamp {
        use entity::value::Clock;
        self.clock.now() + chrono::Duration::minutes(self.random.i64(from * 60..=to * 60))
    }

    async fn act(&mut self, act: Act) -> Result<(), DemoError> {
        match act {
            Act::Place { number } => self.place(number).await,
            Act::GoOn { order, step } => self.go_on(&order, step).await,
            Act::Statement => self.import_statement().await,
            Act::PayOut { month } => self.pay_households(month).await,
        }
    }

    /// Every fourth order is an enterprise's.
    async fn place(&mut self, number: usize) -> Result<(), DemoError> {
        use entity::value::Clock;
        let buyers = if number % 4 == 3 { &self.world.enterprises } else { &self.world.officers };
        let buyer = buyers[self.random.usize(..buyers.len())].clone();
        let mut lines: BTreeMap<String, Value> = BTreeMap::new();
        let mut suppliers: BTreeMap<String, usize> = BTreeMap::new();
        // The first enterprise buys from the county its village lies in.
        let paired = (number % 4 == 3).then(|| self.paired_county(&buyer)).flatten();
        for _ in 0..self.random.usize(1..=3) {
            let county = paired.unwrap_or_else(|| self.random.usize(..self.shelves.len()));
            for _ in 0..self.random.usize(1..=2) {
                let shelf = &self.shelves[county];
                let listed = &shelf[self.random.usize(..shelf.len())];
                let packs = self.random.i64(1..=12);
                lines.insert(listed.product.clone(), json!({ "product_id": listed.product, "packs": packs }));
                suppliers.insert(self.world.counties[county].clerk.organisation.to_string(), county);
            }
        }
        let year = chrono::Datelike::year(&business_date(self.clock.now()));
        let mut body =
            json!({ "deliver_to": "北京市朝阳区演示路 1 号", "lines": lines.into_values().collect::<Vec<_>>() });
        if let Some(budget) = self.budgets.get(&(buyer.organisation, year)) {
            body["budget_id"] = budget.as_str().into();
        }
        let key = format!("demo-order-{number}");
        let placed = self.client.post(&buyer, "/orders", Carrying::json(&body).once(key)).await?;
        for order in placed["supplier_orders"].as_array().into_iter().flatten() {
            let id = text(order, "id")?;
            let county = suppliers[&text(order, "supplier_id")?];
            self.parties.insert(id.clone(), Parties { county, buyer: buyer.clone() });
            let step = if self.random.u8(..100) < 4 { Step::Cancel } else { Step::Confirm };
            let at = self.after_hours(2, 40);
            self.plan(at, Act::GoOn { order: id, step });
        }
        Ok(())
    }

    fn paired_county(&self, buyer: &Member) -> Option<usize> {
        self.world.enterprises.iter().position(|firm| firm.organisation == buyer.organisation)
    }

    async fn go_on(&mut self, order: &str, step: Step) -> Result<(), DemoError> {
        let parties = &self.parties[order];
        let (clerk, buyer) = (self.world.counties[parties.county].clerk.clone(), parties.buyer.clone());
        let county = parties.county;
        let shown = self.client.get(&buyer, &format!("/supplier-orders/{order}")).await?;
        let at_version = version(&shown)?;
        let (by, verb, body) = match step {
            Step::Confirm => (&clerk, "confirm", None),
            Step::Cancel => (&buyer, "cancel", Some(json!({ "reason": "计划调整，取消本次采购。" }))),
            Step::Ship => (&clerk, "ship", Some(self.shipment(&shown, county)?)),
            Step::Accept => (&buyer, "accept", Some(self.acceptance(&shown)?)),
            Step::Invoice => (&clerk, "invoice", Some(self.invoice(&shown, order).await?)),
            Step::Rate => {
                let stars = self.random.u8(3..=5);
                (
                    &buyer,
                    "rate",
                    Some(json!({ "quality": stars, "delivery": 5, "service": 5, "comment": "按时送达。" })),
                )
            }
        };
        let carrying = body.as_ref().map_or_else(Carrying::default, Carrying::json);
        let carrying = carrying.version(at_version).once(format!("demo-{verb}-{order}"));
        let done = self.client.post(by, &format!("/supplier-orders/{order}/{verb}"), carrying).await?;
        let state = done["state"].as_str().unwrap_or_default();
        let (step, at) = match (step, state) {
            (Step::Confirm, _) => (Step::Ship, self.after_hours(12, 90)),
            (Step::Ship, _) => (Step::Accept, self.after_hours(48, 160)),
            (Step::Accept, "accepted") => (Step::Invoice, self.after_hours(4, 60)),
            _ => return Ok(()),
        };
        self.plan(at, Act::GoOn { order: order.to_owned(), step });
        Ok(())
    }

    fn shipment(&self, shown: &Value, county: usize) -> Result<Value, DemoError> {
        let mut lots = Vec::new();
        for line in shown["lines"].as_array().into_iter().flatten() {
            let product = text(line, "product_id")?;
            let listed = self.shelves[county].iter().find(|listed| listed.product == product);
            let listed = listed.ok_or_else(|| DemoError::new("finding a lot", &product))?;
            lots.push(json!({ "line_id": line["id"], "lot_id": listed.lot, "packs": line["packs"] }));
        }
        Ok(json!({ "carrier": "演示物流", "tracking_number": format!("DEMO{}", self.serial), "lots": lots }))
    }

    /// One order in ten arrives with a damaged pack.
    fn acceptance(&mut self, shown: &Value) -> Result<Value, DemoError> {
        let damaged = self.random.u8(..10) == 0;
        let mut lines = Vec::new();
        for line in shown["lines"].as_array().into_iter().flatten() {
            let packs = line["packs"].as_i64().ok_or_else(|| DemoError::new("reading packs", line))?;
            let mut accepted = json!({ "line_id": line["id"], "accepted_packs": packs });
            if damaged && lines.is_empty() {
                accepted["accepted_packs"] = (packs - 1).into();
                accepted["refusal_reason"] = "一件外包装破损，拒收。".into();
            }
            lines.push(accepted);
        }
        Ok(json!({ "lines": lines }))
    }

    /// The invoice, and the transfer that it will bring about.
    async fn invoice(&mut self, shown: &Value, order: &str) -> Result<Value, DemoError> {
        let clerk = &self.world.counties[self.parties[order].county].clerk;
        let supplier = self.client.get(clerk, &format!("/organisations/{}", clerk.organisation)).await?;
        let amount = shown["accepted_fen"].as_i64().ok_or_else(|| DemoError::new("reading accepted_fen", shown))?;
        let amount = Fen::new(amount).map_err(|e| DemoError::new("amount", e))?;
        let due = self.after_hours(24 * 3, 24 * 24);
        // Now and then a payer forgets the code, and the row waits for somebody to look at it.
        let code = if self.random.u8(..25) == 0 { "货款".to_owned() } else { text(shown, "transfer_code")? };
        let payer = text(shown, "buyer_name")?;
        self.transfers.push(Transfer { payer, code, amount, due, order: order.to_owned() });
        use entity::value::Clock;
        self.serial += 1;
        Ok(json!({
            "number": format!("2652{:016}", self.serial), "amount_fen": amount,
            "issued_on": business_date(self.clock.now()), "seller_credit_code": supplier["credit_code"],
        }))
    }

    async fn import_statement(&mut self) -> Result<(), DemoError> {
        use entity::value::Clock;
        let now = self.clock.now();
        let (due, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.transfers).into_iter().partition(|t| t.due <= now);
        self.transfers = later;
        if due.is_empty() {
            return Ok(());
        }
        let day = business_date(now);
        let mut file = String::from("交易日期,对方户名,对方账号,金额,附言,流水号\n");
        for transfer in &due {
            self.serial += 1;
            let Transfer { payer, code, amount, .. } = transfer;
            file.push_str(&format!("{day},{payer},,{amount},{code} 货款,DEMO{:010}\n", self.serial));
        }
        let path = format!("/bank-statements?name=demo-{day}.csv");
        let carrying = Carrying::bytes("text/csv", file.into_bytes()).once(format!("demo-statement-{day}"));
        self.client.post(&self.world.operator, &path, carrying).await?;
        for transfer in due.into_iter().filter(|transfer| transfer.code != "货款") {
            // Some forget to rate.
            if self.random.u8(..10) < 8 {
                let at = self.after_hours(2, 70);
                self.plan(at, Act::GoOn { order: transfer.order, step: Step::Rate });
            }
        }
        Ok(())
    }

    /// Each cooperative pays out what has been accrued, all but the newest few agreements.
    async fn pay_households(&mut self, month: u32) -> Result<(), DemoError> {
        use entity::value::Clock;
        let day = business_date(self.clock.now());
        for county in &self.world.counties {
            let Some(paper) = county.paper else { continue };
            let payable = self.client.get(&county.clerk, "/payables?limit=100").await?;
            let owed: Vec<_> = payable["items"].as_array().cloned().unwrap_or_default();
            let mut payouts = Vec::new();
            for (place, item) in owed.iter().enumerate().filter(|(_, item)| item["open_fen"].as_i64().unwrap_or(0) > 0)
            {
                if place % 7 == 6 {
                    continue;
                }
                payouts.push(json!({
                    "agreement_id": item["agreement_id"], "amount_fen": item["open_fen"],
                    "reference": format!("DEMO-{month}-{place}"),
                }));
            }
            if payouts.is_empty() {
                continue;
            }
            let body = json!({
                "paid_on": day, "method": "bank_transfer", "evidence_file_id": paper, "payouts": payouts,
            });
            let key = format!("demo-payout-{month}-{}", county.clerk.organisation);
            let recorded = self.client.post(&county.clerk, "/payouts", Carrying::json(&body).once(&key)).await?;
            let approve = format!("/payout-batches/{}/approve", text(&recorded, "id")?);
            let carrying = Carrying::default().once(format!("{key}-approved")).version(version(&recorded)?);
            self.client.post(&county.accountant, &approve, carrying).await?;
        }
        Ok(())
    }
}
