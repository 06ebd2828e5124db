//! The journal: every posting balances and is what its fingerprint says; every account is the sum of its entries.

use super::digests::{DOCUMENT_RULE, Hash, Head, Line, Origin, hex, instant, root_of_lines, unhex};
use super::store::{self, PostingLine};
use super::{Fault, Halt, Report};
use ring::digest::{SHA256, digest};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// How many postings between two words of progress.
pub(super) const STEP: u64 = 50_000;

/// The identifier of an account, from what it is: the first 16 bytes of SHA-256 over `kind/owner/part`, with the
/// marks of a UUID of version 8.
pub(super) fn account_id(kind: &str, owner: Uuid, part: Option<Uuid>) -> Uuid {
    let part = part.map_or_else(String::new, |part| part.to_string());
    let hash = digest(&SHA256, format!("{kind}/{owner}/{part}").as_bytes());
    let high = hash.as_ref().iter().take(16).fold(0_u128, |number, byte| (number << 8) | u128::from(*byte));
    let version = (high & !(0xf << 76)) | (0x8 << 76);
    Uuid::from_u128((version & !(0x3 << 62)) | (0x2 << 62))
}

/// The side that may not fall below the other, for each kind of account.
fn guard_of(kind: &str) -> &'static str {
    match kind {
        "budget_available" | "budget_encumbered" | "budget_spent" | "buyer_receivable" | "supplier_cash"
        | "supplier_clawback" | "payout_in_transit" => "debit",
        "supplier_revenue" | "household_promised" | "household_payable" | "buyer_refund" | "period_pool"
        | "buyer_advance" => "credit",
        _ => "none",
    }
}

/// The fingerprint of a posting from its rows; none when its salt is unreadable or it is of no format.
pub(super) fn fingerprint(lines: &[PostingLine]) -> Option<Hash> {
    let first = lines.first()?;
    let business_date = first.business_date.to_string();
    let head = Head {
        cause: &first.cause,
        kind: &first.kind,
        business_date: &business_date,
        object_id: first.object_id,
        line_count: u64::try_from(lines.len()).unwrap_or(u64::MAX),
    };
    let said = lines.iter().map(|line| Line {
        account: line.account_id,
        side: line.side.as_deref().unwrap_or_default(),
        amount_fen: line.amount_fen.unwrap_or_default(),
        supplier_order: line.supplier_order_id,
    });
    let (rule, inputs) = (first.rule_version.as_deref(), first.inputs_hash.as_deref());
    match (&first.salt, rule, inputs) {
        (None, None, None) => Some(head.first(said)),
        (Some(salt), None, None) => Some(head.second(&root_of_lines(&unhex(salt)?, said))),
        (Some(salt), Some(rule_version), Some(inputs_hash)) => {
            if rule_version == DOCUMENT_RULE && hex(&head.document()) != inputs_hash {
                return None;
            }
            let posted_at = instant(first.posted_at);
            let origin = Origin { posted_at: &posted_at, rule_version, inputs_hash };
            Some(head.third(&origin, &root_of_lines(&unhex(salt)?, said)))
        }
        _ => None,
    }
}

/// Every posting that is not sealed has entries, balances, and has the fingerprint it was written with; no entry
/// stands alone. Those that are sealed are read seal by seal.
pub(super) async fn postings(
    db: &impl ConnectionTrait,
    report: &mut Report,
    progress: &mut dyn FnMut(String),
) -> Result<(), Halt> {
    let (mut after, mut size) = (Uuid::nil(), PageSize::default());
    loop {
        let lines = store::unsealed_lines(db, after, size.limit()).await?;
        let Some(last) = lines.last() else { break };
        after = last.id;
        size.learn(lines.len());
        for posting in lines.chunk_by(|one, next| one.id == next.id) {
            check_posting(posting)?;
            report.postings += 1;
            report.unsealed += 1;
            report.entries += u64::try_from(posting.len()).unwrap_or(u64::MAX);
            if report.postings.is_multiple_of(STEP) {
                progress(format!("{} unsealed postings 未封印凭证", report.postings));
            }
        }
    }
    progress(format!("{} unsealed postings 未封印凭证", report.unsealed));
    if let Some(stray) = store::entry_without_posting(db).await? {
        return Err(Fault::new("entry", stray, "分录没有所属凭证。", "the entry has no posting.").into());
    }
    if let Some((id, kind)) = store::posting_without_act(db).await? {
        let (zh, en) = (
            format!("“{kind}”凭证没有对应的业务记录。"),
            format!("nothing was recorded that explains this posting of kind {kind}."),
        );
        return Err(Fault::new("posting", id, zh, en).into());
    }
    Ok(())
}

/// How many postings are read at once: so many that their entries are about ten thousand, for postings have from two
/// to many thousand.
pub(super) struct PageSize(usize);

impl Default for PageSize {
    fn default() -> Self {
        Self(200)
    }
}

impl PageSize {
    pub fn limit(&self) -> i64 {
        i64::try_from(self.0).unwrap_or(1)
    }

    /// From how many rows the last page had.
    pub fn learn(&mut self, rows: usize) {
        const WANTED_ROWS: usize = 10_000;
        const MOST_POSTINGS: usize = 2_500;
        self.0 = (self.0 * WANTED_ROWS / rows.max(1)).clamp((self.0 / 4).max(1), MOST_POSTINGS.min(self.0 * 4));
    }
}

/// It has entries, balances, and has the fingerprint it was written with; which is the answer.
pub(super) fn check_posting(lines: &[PostingLine]) -> Result<Hash, Fault> {
    let Some(head) = lines.first() else { return Ok([0; 32]) };
    if head.line_no.is_none() {
        return Err(Fault::new("posting", head.id, "凭证没有分录。", "the posting has no entries."));
    }
    let sum = |side: &str| {
        let of_side = lines.iter().filter(|line| line.side.as_deref() == Some(side));
        of_side.map(|line| i128::from(line.amount_fen.unwrap_or_default())).sum::<i128>()
    };
    let (debit, credit) = (sum("debit"), sum("credit"));
    if debit != credit {
        return Err(Fault::new(
            "posting",
            head.id,
            format!("（{}）借方 {debit} 分，贷方 {credit} 分，不平衡。", head.cause),
            format!("({}) debits are {debit} fen, credits {credit} fen.", head.cause),
        ));
    }
    match fingerprint(lines) {
        Some(print) if hex(&print) == head.digest => Ok(print),
        _ => Err(Fault::new(
            "posting",
            head.id,
            format!("（{}）凭证或其分录被改动，与指纹不符。", head.cause),
            format!("({}) the posting or one of its entries was changed: the fingerprint differs.", head.cause),
        )),
    }
}

/// Every account is who its identifier says, and its running sums are the sums of its entries.
pub(super) async fn accounts(
    db: &impl ConnectionTrait,
    report: &mut Report,
    progress: &mut dyn FnMut(String),
) -> Result<(), Halt> {
    let mut after = Uuid::nil();
    loop {
        let page = store::accounts(db, after).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for account in &page {
            check_account(account)?;
            report.accounts += 1;
        }
    }
    progress(format!("{} accounts 账户", report.accounts));
    match store::entry_without_account(db).await? {
        Some(posting) => {
            Err(Fault::new("entry", posting, "分录的账户不存在。", "the account of an entry does not exist.").into())
        }
        None => Ok(()),
    }
}

fn check_account(account: &store::AccountSums) -> Result<(), Fault> {
    let wrong = |zh: String, en: String| Err(Fault::new("account", account.id, zh, en));
    if account_id(&account.kind, account.owner_id, account.part_id) != account.id {
        return wrong(
            format!("账户编号与其内容（{}）不符。", account.kind),
            format!("its identifier is not that of {} and its owner.", account.kind),
        );
    }
    if account.guard != guard_of(&account.kind) {
        return wrong(
            format!("{} 的余额方向限制被改为 {}。", account.kind, account.guard),
            format!("its guard is {}, but {} is guarded otherwise.", account.guard, account.kind),
        );
    }
    for (side, zh, kept, summed) in [
        ("debit", "借方", account.debit_fen, account.debit_sum),
        ("credit", "贷方", account.credit_fen, account.credit_sum),
    ] {
        if kept != summed {
            return wrong(
                format!("（{}）{zh}合计记为 {kept} 分，分录合计 {summed} 分。", account.kind),
                format!("({}) its {side} sum is kept as {kept} fen, its entries add up to {summed}.", account.kind),
            );
        }
    }
    let below = match account.guard.as_str() {
        "debit" => account.debit_sum < account.credit_sum,
        "credit" => account.credit_sum < account.debit_sum,
        _ => false,
    };
    if below {
        return wrong(
            format!("（{}）余额为负。", account.kind),
            format!("({}) its balance is negative.", account.kind),
        );
    }
    Ok(())
}
