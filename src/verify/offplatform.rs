//! Sales outside the platform: their shares follow from their inputs, their state from what was decided, and what was
//! decided moved just their money.

use super::journal::account_id;
use super::shares::{self, Share};
use super::store::{self, OffPlatformEntry, OffPlatformRow, OffPlatformStep};
use super::{Fault, Halt, Report};
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Sales in one page; few at a time, for their inputs are long.
const PAGE: u32 = 50;

/// How often a sale that looks wrong is read again: it may have been decided between two questions.
const LOOKS: u32 = 3;

/// Every sale: its inputs against their hash, its shares against its inputs, its state against its decisions, its
/// postings against its shares; and no lot gave more to sales than ever left it.
pub(super) async fn sales(db: &impl ConnectionTrait, report: &mut Report) -> Result<(), Halt> {
    let mut after = Uuid::nil();
    loop {
        let mut page = Page::read(db, after, PAGE).await?;
        let Some(last) = page.sales.last() else { break };
        after = last.id;
        for sale in std::mem::take(&mut page.sales) {
            if page.check(&sale).is_err() {
                look_again(db, sale.id).await?;
            }
            report.off_platform += 1;
        }
    }
    match store::overdrawn_lot(db).await? {
        None => Ok(()),
        Some(lot) => Err(Fault::new(
            "lot",
            lot.id,
            format!("批次共出库 {} 克，平台外销售却有 {} 克。", lot.kept, lot.summed),
            format!("{} g left it, sales outside the platform alone took {} g.", lot.kept, lot.summed),
        )
        .into()),
    }
}

async fn look_again(db: &impl ConnectionTrait, id: Uuid) -> Result<(), Halt> {
    let before = Uuid::from_u128(id.as_u128().saturating_sub(1));
    let mut outcome = Ok(());
    for _ in 0..LOOKS {
        let mut page = Page::read(db, before, 1).await?;
        let Some(sale) = page.sales.pop() else { return Ok(()) };
        outcome = page.check(&sale);
        if outcome.is_ok() {
            break;
        }
    }
    Ok(outcome?)
}

/// Some sales with all that is compared with them.
struct Page {
    sales: Vec<OffPlatformRow>,
    shares: BTreeMap<Uuid, Vec<Share>>,
    steps: BTreeMap<Uuid, Vec<OffPlatformStep>>,
    entries: BTreeMap<Uuid, Vec<OffPlatformEntry>>,
    /// What was handed over, by sale and account.
    handed: BTreeMap<(Uuid, Uuid), i128>,
}

impl Page {
    async fn read(db: &impl ConnectionTrait, after: Uuid, limit: u32) -> Result<Self, Halt> {
        let sales = store::off_platform_sales(db, after, limit).await?;
        let last = sales.last().map_or(after, |sale| sale.id);
        let mut page = Self {
            sales,
            shares: BTreeMap::new(),
            steps: BTreeMap::new(),
            entries: BTreeMap::new(),
            handed: BTreeMap::new(),
        };
        for row in store::off_platform_shares(db, after, last).await? {
            page.shares.entry(row.run_id).or_default().push(row.share());
        }
        for step in store::off_platform_steps(db, after, last).await? {
            page.steps.entry(step.sale_id).or_default().push(step);
        }
        for entry in store::off_platform_entries(db, after, last).await? {
            page.entries.entry(entry.posting_id).or_default().push(entry);
        }
        // What went out by anything but a computation was handed over at some time.
        for row in store::paid_out(db, after, last).await? {
            page.handed.insert((row.order_id, row.account_id), i128::from(row.amount_fen));
        }
        Ok(page)
    }

    fn check(&self, sale: &OffPlatformRow) -> Result<(), Fault> {
        let shares = self.shares.get(&sale.id).map_or(&[][..], Vec::as_slice);
        check_inputs(sale, shares)?;
        let steps = self.steps.get(&sale.id).map_or(&[][..], Vec::as_slice);
        check_state(sale, steps)?;
        for step in steps {
            let Some(posting) = step.posting_id else { continue };
            check_cause(sale, step)?;
            let entries = self.entries.get(&posting).map_or(&[][..], Vec::as_slice);
            let due = match step.step.as_str() {
                "confirm" => income(sale, shares),
                _ => self.reversal(sale, shares, entries)?,
            };
            compare(sale, &due, entries)?;
        }
        Ok(())
    }

    /// What a reversal has to move: of each share what was not handed over; the rest is the supplier's to bear.
    fn reversal(&self, sale: &OffPlatformRow, shares: &[Share], entries: &[OffPlatformEntry]) -> Result<Due, Fault> {
        let mut due = Due::default();
        let (mut shared, mut kept) = (0, 0);
        for (account, share) in by_account("household_payable", shares) {
            let taken: i128 = entries
                .iter()
                .filter(|entry| entry.account_id == account && entry.side == "debit")
                .map(|entry| i128::from(entry.amount_fen))
                .sum();
            let handed = self.handed.get(&(sale.id, account)).copied().unwrap_or(0);
            if taken > share || share - taken > handed {
                return Err(wrong(
                    sale,
                    format!("账户 {account} 冲回 {taken} 分，份额 {share} 分，曾发放 {handed} 分"),
                    format!(
                        "{taken} fen were taken back on account {account}, its share is {share}, handed over were {handed}"
                    ),
                ));
            }
            due.add(account, "debit", taken);
            kept += share - taken;
            shared += share;
        }
        for (account, share) in by_account("household_promised", shares) {
            due.add(account, "debit", share);
        }
        let own = |kind: &str| account_id(kind, sale.supplier_id, None);
        due.add(own("supplier_retained"), "debit", i128::from(sale.retained_fen));
        due.add(own("supplier_clawback"), "debit", kept);
        due.add(own("supplier_cash"), "credit", i128::from(sale.amount_fen) - kept);
        due.add(own("off_platform_sales"), "credit", kept);
        due.add(own("promise_given"), "credit", shared);
        Ok(due)
    }
}

fn wrong(sale: &OffPlatformRow, zh: String, en: String) -> Fault {
    Fault::new("off_platform_sale", sale.id, format!("{zh}。"), format!("{en}."))
}

fn check_inputs(sale: &OffPlatformRow, shares: &[Share]) -> Result<(), Fault> {
    shares::check(&sale.inputs, &sale.inputs_hash, shares, sale.retained_fen)
        .map_err(|fault| wrong(sale, fault.zh(), fault.to_string()))?;
    let inputs = shares::recompute(&sale.inputs).map_err(|fault| wrong(sale, fault.zh(), fault.to_string()))?;
    for (column, kept, given) in [
        ("id", sale.id.to_string(), inputs.supplier_order_id),
        ("plan_id", sale.plan_id.to_string(), inputs.plan_id),
        ("amount_fen", sale.amount_fen.to_string(), inputs.attributable_fen.to_string()),
    ] {
        if kept != given {
            return Err(wrong(
                sale,
                format!("{column} 记录为 {kept}，依据为 {given}"),
                format!("{column} is {kept}, its inputs say {given}"),
            ));
        }
    }
    Ok(())
}

fn check_state(sale: &OffPlatformRow, steps: &[OffPlatformStep]) -> Result<(), Fault> {
    let mut taken: Vec<&str> = steps.iter().map(|step| step.step.as_str()).collect();
    taken.sort_unstable();
    let state = match taken.as_slice() {
        [] => "recorded",
        ["confirm"] => "confirmed",
        ["refuse"] => "refused",
        ["withdraw"] => "withdrawn",
        ["confirm", "reverse"] => "reversed",
        _ => "?",
    };
    if sale.state == state {
        return Ok(());
    }
    Err(wrong(
        sale,
        format!("状态记为 {}，按所作决定应为 {state}", sale.state),
        format!("its state is {}, by what was decided it is {state}", sale.state),
    ))
}

fn check_cause(sale: &OffPlatformRow, step: &OffPlatformStep) -> Result<(), Fault> {
    let mut cause = format!("off_platform:{}", sale.id);
    if step.step == "reverse" {
        cause.push_str(":reversed");
    }
    if step.cause.as_deref() != Some(cause.as_str()) {
        return Err(wrong(sale, format!("没有 {cause} 的凭证"), format!("it has no posting for {cause}")));
    }
    if step.inputs_hash.as_deref() == Some(sale.inputs_hash.as_str()) {
        return Ok(());
    }
    Err(wrong(sale, format!("凭证 {cause} 所记的计算依据不同"), format!("the posting for {cause} names other inputs")))
}

/// What postings have to move, by account and side.
#[derive(Default)]
struct Due(BTreeMap<(Uuid, &'static str), i128>);

impl Due {
    fn add(&mut self, account: Uuid, side: &'static str, amount: i128) {
        if amount != 0 {
            *self.0.entry((account, side)).or_default() += amount;
        }
    }
}

/// What each account of households gets by these shares.
fn by_account(kind: &str, shares: &[Share]) -> BTreeMap<Uuid, i128> {
    let mut sums = BTreeMap::new();
    for share in shares {
        let (Ok(household), Ok(agreement)) = (share.household_id.parse(), share.agreement_id.parse()) else { continue };
        *sums.entry(account_id(kind, household, Some(agreement))).or_default() += i128::from(share.amount_fen);
    }
    sums
}

/// What the posting of the income moves.
fn income(sale: &OffPlatformRow, shares: &[Share]) -> Due {
    let mut due = Due::default();
    let mut shared = 0;
    for (account, amount) in by_account("household_payable", shares) {
        due.add(account, "credit", amount);
        shared += amount;
    }
    for (account, amount) in by_account("household_promised", shares) {
        due.add(account, "credit", amount);
    }
    let own = |kind: &str| account_id(kind, sale.supplier_id, None);
    due.add(own("supplier_cash"), "debit", i128::from(sale.amount_fen));
    due.add(own("off_platform_sales"), "credit", i128::from(sale.amount_fen));
    due.add(own("off_platform_sales"), "debit", i128::from(sale.amount_fen));
    due.add(own("supplier_retained"), "credit", i128::from(sale.retained_fen));
    due.add(own("promise_given"), "debit", shared);
    due
}

fn compare(sale: &OffPlatformRow, due: &Due, entries: &[OffPlatformEntry]) -> Result<(), Fault> {
    if entries.iter().any(|entry| entry.supplier_order_id != Some(sale.id)) {
        let (zh, en) = ("有分录不属于本笔销售", "an entry does not belong to it");
        return Err(wrong(sale, zh.to_owned(), en.to_owned()));
    }
    let mut found: BTreeMap<(Uuid, &str), i128> = BTreeMap::new();
    for entry in entries {
        *found.entry((entry.account_id, entry.side.as_str())).or_default() += i128::from(entry.amount_fen);
    }
    for key in due.0.keys().map(|(account, side)| (*account, *side)).chain(found.keys().copied()) {
        let (wanted, is) = (due.0.get(&key).copied().unwrap_or(0), found.get(&key).copied().unwrap_or(0));
        if wanted != is {
            return Err(wrong(
                sale,
                format!("账户 {} 记入 {is} 分，应为 {wanted} 分", key.0),
                format!("account {} is moved by {is} fen instead of {wanted}", key.0),
            ));
        }
    }
    Ok(())
}
