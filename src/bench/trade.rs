//! Orders with their whole journal, as many as wanted: accepted, promised, paid, shared out, handed over.
//!
//! Everything about the `n`th order follows from `n`, so that nothing has to be remembered: the sums of the accounts are
//! made first, then the rows day by day, as a house would have written them: what happened to an order weeks later stands
//! weeks later in the journal. Postings carry their real digests and stand under real seals.

use super::loader::Loader;
use crate::ledger::merkle::{self, Hash, Tree};
use crate::ledger::{Account, LedgerError, Posting, draw};
use crate::seal::{BATCH, SealKey, Unsigned};
use chrono::{Days, Duration, NaiveDate};
use entity::value::{
    AccountId, AgreementId, AreaCode, Fen, FileId, Grams, HouseholdId, OrderGroupId, OrderLineId, OrderState,
    OrderTerms, OrganisationId, Overflow, Packs, PayoutId, PayoutMethod, PersonId, PlanId, PostingId, PriceBasis,
    PriceId, ProductId, Side, SupplierOrderId, Timestamp, business_day_begins,
};
use entity::{account, entry, order_group, order_line, payout, posting, seal_leaf, supplier_order};
use fastrand::Rng;
use sea_orm::DbErr;
use std::collections::HashMap;
use uuid::Uuid;

/// Days from the order to its acceptance, its payment and its payout.
const AFTER: [u64; 3] = [3, 23, 48];
/// Of so many orders one is never paid.
const ONE_UNPAID_IN: u64 = 100;
/// Orders that are written together.
const AT_ONCE: u64 = 1_000;
/// What a product weighs.
const PACK_GRAMS: i64 = 1_000;

/// Why the trade could not be made up.
#[derive(Debug, thiserror::Error)]
pub enum TradeError {
    /// The database.
    #[error("the database: {0}")]
    Database(#[from] DbErr),
    /// A posting.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A number or a day.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// A digest that is none, which would be ours.
    #[error("a digest that is none")]
    Digest,
}

/// A supplier with the households that share in what it sells.
#[derive(Debug, Clone)]
pub struct Seller {
    /// The supplier.
    pub id: OrganisationId,
    /// Its plan.
    pub plan: PlanId,
    /// What it sells.
    pub product: ProductId,
    /// Its price.
    pub price: PriceId,
    /// Its agreements.
    pub partners: Vec<(HouseholdId, AgreementId)>,
}

/// Who trades with whom, how much, and when.
#[derive(Debug, Clone)]
pub struct Trade {
    /// Suppliers; each has partners.
    pub sellers: Vec<Seller>,
    /// Buyers.
    pub buyers: Vec<OrganisationId>,
    /// Who placed the orders and recorded the payouts.
    pub person: PersonId,
    /// What shows the payouts; without it no rows of payouts are written, only their postings.
    pub evidence: Option<FileId>,
    /// Where it goes to.
    pub deliver_to: AreaCode,
    /// How many orders.
    pub orders: u64,
    /// How many households share in one.
    pub sharing: usize,
    /// The day of the first order.
    pub from: NaiveDate,
    /// Over how many days they are spread.
    pub days: u64,
    /// What would happen later has not happened yet.
    pub until: NaiveDate,
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Orders.
    pub orders: u64,
    /// Postings.
    pub postings: u64,
    /// Entries.
    pub entries: u64,
    /// Seals over them.
    pub seals: u64,
}

/// A step in the life of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Accepted,
    Paid,
    HandedOver,
}

const STEPS: [Step; 3] = [Step::Accepted, Step::Paid, Step::HandedOver];

/// One line of a posting.
struct Moved {
    account: Account,
    side: Side,
    amount: Fen,
}

fn debit(account: Account, amount: Fen) -> Moved {
    Moved { account, side: Side::Debit, amount }
}

fn credit(account: Account, amount: Fen) -> Moved {
    Moved { account, side: Side::Credit, amount }
}

/// Everything about an order.
struct Sold<'a> {
    number: u64,
    seller: &'a Seller,
    buyer: OrganisationId,
    placed_on: NaiveDate,
    shares: Vec<(HouseholdId, AgreementId, Fen)>,
    shared: Fen,
    total: Fen,
    is_paid: bool,
}

/// An identifier of an order, which says when it was placed as those of the house do.
fn id_of(kind: u8, placed: NaiveDate, number: u64) -> Uuid {
    let millis = u128::try_from(business_day_begins(placed).timestamp_millis()).unwrap_or(0);
    let version_and_kind = 0x7000_u128 | u128::from(kind);
    let variant_and_number = 0x8000_0000_0000_0000_u128 | u128::from(number);
    Uuid::from_u128(((millis & 0xffff_ffff_ffff) << 80) | (version_and_kind << 64) | variant_and_number)
}

/// Ten in the morning of a business day.
fn morning(day: NaiveDate) -> Timestamp {
    business_day_begins(day) + Duration::hours(10)
}

impl Sold<'_> {
    fn id(&self) -> SupplierOrderId {
        SupplierOrderId::from_uuid(id_of(2, self.placed_on, self.number))
    }

    /// The day of a step; none where it does not come.
    fn day_of(&self, step: Step, until: NaiveDate) -> Option<NaiveDate> {
        let after = match step {
            Step::Accepted => AFTER[0],
            Step::Paid | Step::HandedOver if !self.is_paid => return None,
            Step::Paid => AFTER[1],
            Step::HandedOver => AFTER[2],
        };
        self.placed_on.checked_add_days(Days::new(after)).filter(|day| *day <= until)
    }

    /// The postings of a step: kind, and lines.
    fn postings(&self, step: Step) -> Result<Vec<(&'static str, Vec<Moved>)>, Overflow> {
        let supplier = self.seller.id;
        let receivable = Account::buyer_receivable(supplier, self.buyer);
        let (revenue, cash) = (Account::supplier_revenue(supplier), Account::supplier_cash(supplier));
        let each = |of: fn(HouseholdId, AgreementId) -> Account, side: Side| {
            let line = move |(household, agreement, amount): &(HouseholdId, AgreementId, Fen)| Moved {
                account: of(*household, *agreement),
                side,
                amount: *amount,
            };
            self.shares.iter().map(line).collect::<Vec<_>>()
        };
        let retained = self.total.checked_sub(self.shared)?;
        Ok(match step {
            Step::Accepted => {
                let mut promised = vec![debit(Account::promise_given(supplier), self.shared)];
                promised.extend(each(Account::household_promised, Side::Credit));
                vec![
                    ("accepted", vec![debit(receivable, self.total), credit(revenue, self.total)]),
                    ("promised", promised),
                ]
            }
            Step::Paid => {
                let mut settled = vec![debit(revenue, self.total)];
                settled.extend(each(Account::household_payable, Side::Credit));
                settled.push(credit(Account::supplier_retained(supplier), retained));
                vec![("paid", vec![debit(cash, self.total), credit(receivable, self.total)]), ("settled", settled)]
            }
            Step::HandedOver => {
                let mut lines = each(Account::household_payable, Side::Debit);
                lines.push(credit(cash, self.shared));
                vec![("payout", lines)]
            }
        })
    }
}

impl Trade {
    /// The `number`th order.
    fn sold(&self, number: u64) -> Result<Sold<'_>, Overflow> {
        let mut random = Rng::with_seed(number);
        let sellers = u64::try_from(self.sellers.len()).map_err(|_| Overflow)?;
        let place = usize::try_from(number.checked_rem(sellers).ok_or(Overflow)?).map_err(|_| Overflow)?;
        let seller = self.sellers.get(place).ok_or(Overflow)?;
        let buyer = *random.choice(&self.buyers).ok_or(Overflow)?;
        let turn = usize::try_from(number / sellers).map_err(|_| Overflow)?;
        let first = turn.checked_mul(self.sharing).ok_or(Overflow)? % seller.partners.len().max(1);
        let partners = seller.partners.iter().cycle().skip(first).take(self.sharing.min(seller.partners.len()));
        let shares: Vec<(HouseholdId, AgreementId, Fen)> = partners
            .map(|(household, agreement)| Ok((*household, *agreement, Fen::new(random.i64(500..30_000))?)))
            .collect::<Result<_, Overflow>>()?;
        let shared = Fen::checked_sum(shares.iter().map(|(.., amount)| *amount))?;
        let total = shared.checked_add(Fen::new(shared.get() / 4 + 1)?)?;
        let days = self.days.checked_mul(number).ok_or(Overflow)?.checked_div(self.orders).ok_or(Overflow)?;
        let placed_on = self.from.checked_add_days(Days::new(days)).ok_or(Overflow)?;
        let is_paid = number % ONE_UNPAID_IN != ONE_UNPAID_IN - 1;
        Ok(Sold { number, seller, buyer, placed_on, shares, shared, total, is_paid })
    }

    /// How many orders are placed while one goes from its order to a step.
    fn lag(&self, step: Step) -> Result<u64, Overflow> {
        let after = match step {
            Step::Accepted => 0,
            Step::Paid => AFTER[1] - AFTER[0],
            Step::HandedOver => AFTER[2] - AFTER[0],
        };
        self.orders.checked_mul(after).ok_or(Overflow)?.checked_div(self.days.max(1)).ok_or(Overflow)
    }

    /// Writes everything: the accounts with what will have moved on them, then the orders and their postings.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn write(&self, to: &mut Loader, key: &SealKey, now: Timestamp) -> Result<Written, TradeError> {
        to.put::<account::Entity>(self.accounts()?).await?;
        to.commit().await?;
        let mut journal = Journal { key, now, previous: [0; 32], waiting: Vec::new(), written: Written::default() };
        let last = self.orders.checked_add(self.lag(Step::HandedOver)?).ok_or(Overflow)?;
        let mut begin = 0;
        while begin < last {
            let end = (begin + AT_ONCE).min(last);
            let mut part = Part::default();
            for at in begin..end {
                for step in STEPS {
                    let Some(number) = at.checked_sub(self.lag(step)?).filter(|number| *number < self.orders) else {
                        continue;
                    };
                    self.take(number, step, &mut part)?;
                }
            }
            journal.put(to, part).await?;
            begin = end;
            if begin % (AT_ONCE * 50) == 0 {
                eprintln!("  {begin} of {last} orders written 已写入订单");
            }
        }
        journal.close(to).await
    }

    /// What one step of an order adds.
    fn take(&self, number: u64, step: Step, part: &mut Part) -> Result<(), TradeError> {
        let sold = self.sold(number)?;
        if step == Step::Accepted {
            part.enter(self, &sold)?;
        }
        let Some(day) = sold.day_of(step, self.until) else { return Ok(()) };
        for (kind, lines) in sold.postings(step)? {
            let order = sold.id();
            let batch = id_of(5, sold.placed_on, number);
            let (cause, object) = match step {
                Step::HandedOver => (format!("payout:{batch}"), batch),
                Step::Accepted | Step::Paid => (format!("supplier_order:{order}:{kind}"), order.uuid()),
            };
            let posting = Posting::new(cause, kind, day, object);
            let posting = lines.into_iter().fold(posting, |posting, line| match line.side {
                Side::Debit => posting.debit(line.account, line.amount, Some(order)),
                Side::Credit => posting.credit(line.account, line.amount, Some(order)),
            });
            let drawn = draw(posting, morning(day))?;
            if let (Step::HandedOver, Some(evidence)) = (step, self.evidence) {
                part.hand_over(self, &sold, (day, evidence, drawn.posting.id));
            }
            part.entries.extend(drawn.entries);
            part.postings.push(drawn.posting);
        }
        Ok(())
    }

    /// Every account with the sums of what moves on it.
    fn accounts(&self) -> Result<Vec<account::Model>, Overflow> {
        let mut sums: HashMap<AccountId, (Account, i64, i64)> = HashMap::new();
        for number in 0..self.orders {
            let sold = self.sold(number)?;
            for step in STEPS.into_iter().filter(|step| sold.day_of(*step, self.until).is_some()) {
                for line in sold.postings(step)?.into_iter().flat_map(|(_, lines)| lines) {
                    let (_, debit, credit) = sums.entry(line.account.id()).or_insert((line.account, 0, 0));
                    let side = if line.side == Side::Debit { debit } else { credit };
                    *side = side.checked_add(line.amount.get()).ok_or(Overflow)?;
                }
            }
        }
        let mut rows: Vec<account::Model> =
            sums.into_values().map(|(account, debit, credit)| account.moved_by(debit, credit)).collect();
        rows.sort_unstable_by_key(|row| row.id);
        Ok(rows)
    }
}

/// Rows that are written together.
#[derive(Default)]
struct Part {
    groups: Vec<order_group::Model>,
    orders: Vec<supplier_order::Model>,
    lines: Vec<order_line::Model>,
    entries: Vec<entry::Model>,
    postings: Vec<posting::Model>,
    payouts: Vec<payout::Model>,
}

impl Part {
    /// The order itself, as it stands on the last day.
    fn enter(&mut self, trade: &Trade, sold: &Sold<'_>) -> Result<(), Overflow> {
        let on = |step| sold.day_of(step, trade.until).map(morning);
        let (accepted, paid, done) = (on(Step::Accepted), on(Step::Paid), on(Step::HandedOver));
        let fen = |is: bool| if is { sold.total } else { Fen::ZERO };
        let (group, placed_at) =
            (OrderGroupId::from_uuid(id_of(1, sold.placed_on, sold.number)), morning(sold.placed_on));
        let state = match (accepted, paid, done) {
            (_, _, Some(_)) => OrderState::Completed,
            (_, Some(_), None) => OrderState::Paid,
            (Some(_), None, None) => OrderState::Accepted,
            (None, None, None) => OrderState::Confirmed,
        };
        self.groups.push(order_group::Model {
            id: group,
            number: format!("BG{}", sold.number),
            buyer_id: sold.buyer,
            budget_id: None,
            placed_by: trade.person,
            total_fen: sold.total,
            deliver_to: "测量食堂".to_owned(),
            deliver_to_code: Some(trade.deliver_to.clone()),
            referral_id: None,
            placed_at,
            version: 1,
        });
        self.orders.push(supplier_order::Model {
            id: sold.id(),
            group_id: group,
            number: format!("BS{}", sold.number),
            supplier_id: sold.seller.id,
            buyer_id: sold.buyer,
            plan_id: sold.seller.plan,
            state,
            transfer_code: format!("BT{}", sold.number),
            total_fen: sold.total,
            accepted_fen: fen(accepted.is_some()),
            paid_fen: fen(paid.is_some()),
            invoiced_fen: fen(paid.is_some()),
            credited_fen: Fen::ZERO,
            refunded_fen: Fen::ZERO,
            overpaid_fen: Fen::ZERO,
            repaid_fen: Fen::ZERO,
            terms: OrderTerms::GoodsFirst,
            ship_days: 7,
            term_days: 30,
            dropped_fen: Fen::ZERO,
            prepaid_fen: Fen::ZERO,
            unused_fen: Fen::ZERO,
            pay_by: None,
            pay_extended: false,
            ship_by: None,
            expired_by: None,
            freight_fen: Fen::ZERO,
            freight_credited_fen: Fen::ZERO,
            late_interest_ppm: Some(500),
            placed_at,
            confirmed_at: Some(placed_at),
            shipped_at: accepted,
            accepted_at: accepted,
            invoiced_at: paid,
            paid_at: paid,
            completed_at: done,
            cancelled_at: None,
            closed_reason: None,
            version: 1,
        });
        self.lines.push(line_of(sold, accepted.is_some())?);
        Ok(())
    }

    /// What the households were handed.
    fn hand_over(&mut self, trade: &Trade, sold: &Sold<'_>, (day, evidence, posting): (NaiveDate, FileId, PostingId)) {
        let rows = sold.shares.iter().enumerate().map(|(place, (household, agreement, amount))| payout::Model {
            id: PayoutId::generate(),
            supplier_id: sold.seller.id,
            household_id: *household,
            agreement_id: *agreement,
            amount_fen: *amount,
            paid_on: day,
            method: PayoutMethod::BankTransfer,
            evidence_file_id: evidence,
            witness_file_id: None,
            reference: format!("BP{}-{place}", sold.number),
            posting_id: posting,
            recorded_by: trade.person,
            created_at: morning(day),
        });
        self.payouts.extend(rows);
    }
}

fn line_of(sold: &Sold<'_>, is_accepted: bool) -> Result<order_line::Model, Overflow> {
    let (one, none) = (Packs::new(1)?, Packs::new(0)?);
    let sent = if is_accepted { one } else { none };
    Ok(order_line::Model {
        id: OrderLineId::from_uuid(id_of(3, sold.placed_on, sold.number)),
        supplier_order_id: sold.id(),
        line_no: 1,
        product_id: sold.seller.product,
        price_id: sold.seller.price,
        product_name: "测量茶".to_owned(),
        unit_price_fen: sold.total,
        pack_grams: Grams::new(PACK_GRAMS)?,
        packs: one,
        reserved_packs: none,
        shipped_packs: sent,
        accepted_packs: sent,
        refused_packs: none,
        withdrawn_packs: none,
        returned_packs: none,
        credited_fen: Fen::ZERO,
        refusal_reason: None,
        plan_id: None,
        price_basis: PriceBasis::Shelf,
        basis_id: None,
    })
}

/// The journal as it grows.
struct Journal<'a> {
    key: &'a SealKey,
    now: Timestamp,
    previous: Hash,
    /// Postings that are under no seal yet.
    waiting: Vec<(PostingId, String)>,
    written: Written,
}

impl Journal<'_> {
    async fn put(&mut self, to: &mut Loader, part: Part) -> Result<(), TradeError> {
        let Part { groups, orders, lines, entries, postings, payouts } = part;
        let count = |rows: usize| u64::try_from(rows).map_err(|_| Overflow);
        self.written.orders += count(orders.len())?;
        self.written.postings += count(postings.len())?;
        self.written.entries += count(entries.len())?;
        self.waiting.extend(postings.iter().map(|row| (row.id, row.digest.clone())));
        to.put::<order_group::Entity>(groups).await?;
        to.put::<supplier_order::Entity>(orders).await?;
        to.put::<order_line::Entity>(lines).await?;
        to.put::<entry::Entity>(entries).await?;
        to.put::<posting::Entity>(postings).await?;
        to.put::<payout::Entity>(payouts).await?;
        let under_a_seal = usize::try_from(BATCH).map_err(|_| Overflow)?;
        while self.waiting.len() >= under_a_seal {
            let rest = self.waiting.split_off(under_a_seal);
            let under = std::mem::replace(&mut self.waiting, rest);
            self.seal(to, under).await?;
        }
        Ok(to.commit().await?)
    }

    async fn close(mut self, to: &mut Loader) -> Result<Written, TradeError> {
        let under = std::mem::take(&mut self.waiting);
        if !under.is_empty() {
            self.seal(to, under).await?;
        }
        to.commit().await?;
        Ok(self.written)
    }

    /// A seal as the house makes one.
    async fn seal(&mut self, to: &mut Loader, under: Vec<(PostingId, String)>) -> Result<(), TradeError> {
        let leaf = |(_, digest): &(PostingId, String)| -> Result<Hash, TradeError> {
            let digest: Hash =
                hex::decode(digest).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(TradeError::Digest)?;
            Ok(merkle::leaf(&digest))
        };
        let leaves = under.iter().map(leaf).collect::<Result<Vec<_>, _>>()?;
        self.written.seals += 1;
        let number = i64::try_from(self.written.seals).map_err(|_| Overflow)?;
        let posting_count = i64::try_from(under.len()).map_err(|_| Overflow)?;
        let audit = Some((Tree::new(Vec::new()).root(), 0));
        let root = Tree::new(leaves).root();
        let unsigned = Unsigned { number, previous: self.previous, root, posting_count, audit, sealed_at: self.now };
        let seal = unsigned.sign(self.key);
        self.previous =
            hex::decode(&seal.hash).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(TradeError::Digest)?;
        to.put::<entity::seal::Entity>(vec![seal]).await?;
        let rows = under.into_iter().enumerate().map(|(place, (posting_id, digest))| {
            let leaf_index = i32::try_from(place).map_err(|_| Overflow)?;
            Ok(seal_leaf::Model { seal_number: number, leaf_index, posting_id, digest })
        });
        to.put::<seal_leaf::Entity>(rows.collect::<Result<Vec<_>, Overflow>>()?).await?;
        Ok(())
    }
}
