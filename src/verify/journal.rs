//! The journal: every posting balances and is what its fingerprint says; every account is the sum of its entries.

use super::store::{self, PostingLine};
use super::{Fault, Halt, Report};
use chrono::NaiveDate;
use ring::digest::{SHA256, digest};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// How many postings between two words of progress.
const STEP: u64 = 50_000;

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
        "budget_available" | "budget_encumbered" | "budget_spent" | "buyer_receivable" | "supplier_cash" => "debit",
        "supplier_revenue" | "household_promised" | "household_payable" => "credit",
        _ => "none",
    }
}

/// Writes fields one after the other, each behind its length.
#[derive(Default)]
struct Fields(Vec<u8>);

impl Fields {
    fn put(&mut self, content: &[u8]) {
        // A slice is never longer than 64 bits can say.
        let length = u64::try_from(content.len()).unwrap_or(u64::MAX);
        self.0.extend(length.to_be_bytes());
        self.0.extend(content);
    }
}

/// The fingerprint of a posting from its rows: see the documentation of the ledger's `digest` for the format.
fn fingerprint(cause: &str, kind: &str, date: NaiveDate, object: Uuid, lines: &[PostingLine]) -> String {
    let mut fields = Fields::default();
    fields.put(b"liannong.posting.v1");
    fields.put(cause.as_bytes());
    fields.put(kind.as_bytes());
    fields.put(date.to_string().as_bytes());
    fields.put(object.as_bytes());
    fields.put(&u64::try_from(lines.len()).unwrap_or(u64::MAX).to_be_bytes());
    for line in lines {
        fields.put(line.account_id.as_ref().map_or(&[], |id| id.as_bytes().as_slice()));
        fields.put(line.side.as_deref().unwrap_or_default().as_bytes());
        fields.put(&line.amount_fen.unwrap_or_default().to_be_bytes());
        fields.put(line.supplier_order_id.as_ref().map_or(&[], |id| id.as_bytes().as_slice()));
    }
    digest(&SHA256, &fields.0).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every posting has entries, balances, and has the fingerprint it was written with; no entry stands alone.
pub(super) async fn postings(
    db: &impl ConnectionTrait,
    report: &mut Report,
    progress: &mut dyn FnMut(String),
) -> Result<(), Halt> {
    let mut after = Uuid::nil();
    loop {
        let lines = store::posting_lines(db, after).await?;
        let Some(last) = lines.last() else { break };
        after = last.id;
        for posting in lines.chunk_by(|one, next| one.id == next.id) {
            check_posting(posting)?;
            report.postings += 1;
            report.entries += u64::try_from(posting.len()).unwrap_or(u64::MAX);
            if report.postings.is_multiple_of(STEP) {
                progress(format!("{} postings 凭证", report.postings));
            }
        }
    }
    progress(format!("{} postings 凭证, {} entries 分录", report.postings, report.entries));
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

fn check_posting(lines: &[PostingLine]) -> Result<(), Fault> {
    let Some(head) = lines.first() else { return Ok(()) };
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
    if fingerprint(&head.cause, &head.kind, head.business_date, head.object_id, lines) != head.digest {
        return Err(Fault::new(
            "posting",
            head.id,
            format!("（{}）凭证或其分录被改动，与指纹不符。", head.cause),
            format!("({}) the posting or one of its entries was changed: the fingerprint differs.", head.cause),
        ));
    }
    Ok(())
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
