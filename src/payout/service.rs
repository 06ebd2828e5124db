//! Putting batches together, approving them, booking what became of them, calling them off, and showing them.

use super::state::{self, Step};
use super::store::{self, WholeLine};
use super::view::{BatchQuery, DraftBatch, PayoutBatch, PayoutBatchLine, PayoutBatchWithLines, WantedLine};
use super::{PayoutError, record};
use crate::access::policy::{ApprovePayoutBatch, KeepPayoutBatch, ViewPayoutBatch};
use crate::access::{Grant, Scope};
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::ledger::{self, Account, Posting};
use crate::problem::{Failure, FieldProblem, Text};
use crate::settlement::{self, Open, PAYOUT};
use crate::{attribution, household};
use chrono::NaiveDate;
use entity::value::{
    AgreementId, Fen, FileId, HouseholdId, OrganisationId, Overflow, PayoutBatchId, PayoutBatchLineId,
    PayoutBatchState, PayoutId, PayoutLineState, PayoutMethod, PersonId, PostingId, SupplierOrderId, Timestamp,
    business_date,
};
use entity::{payout, payout_batch, payout_batch_line, payout_batch_part};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// The most lines of one batch.
pub(super) const MOST_LINES: usize = 2_000;

/// Puts a batch together over what is open, the oldest orders first.
///
/// # Errors
/// An agreement that is not yours, more than is open, or nothing open at all.
pub async fn draft(
    tx: &Tx,
    grant: &Grant<KeepPayoutBatch>,
    wanted: &DraftBatch,
) -> Result<PayoutBatchWithLines, PayoutError> {
    let supplier = grant.organisation()?;
    let lines = wanted_lines(tx, supplier, wanted).await?;
    let ids: Vec<AgreementId> = lines.iter().map(|line| line.agreement_id).collect();
    let mut agreements = attribution::find_agreements(tx, &ids).await?;
    agreements.retain(|_, agreement| agreement.supplier_id == supplier);
    let mut open = settlement::hold_open(tx, supplier, agreements.values()).await?;
    let id = PayoutBatchId::generate();
    let number = number_of(id, business_date(tx.now()));
    let (mut rows, mut parts) = (Vec::new(), Vec::new());
    for (index, line) in lines.iter().enumerate() {
        let agreement = agreements.get(&line.agreement_id).ok_or_else(|| unknown_agreement(index))?;
        let account = Account::household_payable(agreement.household_id, agreement.id).id();
        let Some((amount_fen, of_orders)) = take(open.entry(account).or_default(), index, line)? else { continue };
        let line_id = PayoutBatchLineId::generate();
        let line_no = i32::try_from(rows.len() + 1).map_err(|_| Overflow)?;
        for (supplier_order_id, amount_fen) in of_orders {
            parts.push(payout_batch_part::Model { line_id, supplier_order_id, amount_fen });
        }
        let reference = format!("{number}-{line_no:04}");
        rows.push(new_line(line_id, id, line_no, reference, (agreement.id, agreement.household_id), amount_fen));
    }
    if rows.is_empty() {
        return Err(PayoutError::NothingOpen);
    }
    let batch = new_batch((id, number), supplier, grant.person()?, wanted.method, &rows, tx.now())?;
    store::insert(tx, &batch, &rows, &parts).await?;
    let after = json!({ "number": batch.number, "method": batch.method, "lines": batch.line_count, "total_fen": batch.total_fen });
    tx.audit(Change::made("payout_batch.draft", "payout_batch", id.uuid(), after)).await?;
    with_lines(tx, batch, rows).await
}

/// What was asked for, or everything that is open.
async fn wanted_lines(tx: &Tx, supplier: OrganisationId, wanted: &DraftBatch) -> Result<Vec<WantedLine>, PayoutError> {
    let Some(lines) = &wanted.lines else {
        let most = u64::try_from(MOST_LINES).unwrap_or(u64::MAX);
        let owed = settlement::owed_by(tx, supplier, most).await?;
        return Ok(owed.into_iter().map(|agreement_id| WantedLine { agreement_id, amount_fen: None }).collect());
    };
    let mut faults = Vec::new();
    if !(1..=MOST_LINES).contains(&lines.len()) {
        faults.push(field("/lines", "应有 1 至 2000 笔。", "1 to 2000 lines are expected."));
    }
    let mut seen = HashSet::new();
    for (index, line) in lines.iter().enumerate() {
        if !seen.insert(line.agreement_id) {
            let at = format!("/lines/{index}/agreement_id");
            faults.push(field(at, "同一协议出现两次。", "The agreement stands twice in this batch."));
        }
        if line.amount_fen.is_some_and(Fen::is_zero) {
            let at = format!("/lines/{index}/amount_fen");
            faults.push(field(at, "金额应大于零。", "The amount is more than zero."));
        }
    }
    if faults.is_empty() { Ok(lines.clone()) } else { Err(PayoutError::Fields(faults)) }
}

/// Takes what a line wants from what is open; nothing when it wants all and there is none.
#[expect(clippy::type_complexity, reason = "an amount with the parts of orders that it is made of")]
fn take(
    open: &mut [Open],
    index: usize,
    line: &WantedLine,
) -> Result<Option<(Fen, Vec<(SupplierOrderId, Fen)>)>, PayoutError> {
    let all = Fen::checked_sum(open.iter().map(|open| open.open_fen))?;
    let amount = line.amount_fen.unwrap_or(all);
    if amount.is_zero() {
        return Ok(None);
    }
    let parts = settlement::take(open, amount)?;
    let parts = parts.map_err(|exceeds| PayoutError::Exceeds { index, wanted: amount, open: exceeds.open_fen })?;
    Ok(Some((amount, parts)))
}

/// A draft over these lines.
pub(super) fn new_batch(
    (id, number): (PayoutBatchId, String),
    supplier_id: OrganisationId,
    drafted_by: PersonId,
    method: PayoutMethod,
    lines: &[payout_batch_line::Model],
    created_at: Timestamp,
) -> Result<payout_batch::Model, Overflow> {
    Ok(payout_batch::Model {
        id,
        supplier_id,
        number,
        method,
        state: PayoutBatchState::Draft,
        format: None,
        total_fen: Fen::checked_sum(lines.iter().map(|line| line.amount_fen))?,
        line_count: i32::try_from(lines.len()).map_err(|_| Overflow)?,
        drafted_by,
        approved_by: None,
        approved_at: None,
        sent_by: None,
        sent_at: None,
        posting_id: None,
        closed_at: None,
        closed_reason: None,
        created_at,
        version: 1,
        evidence_file_id: None,
        witness_file_id: None,
        paid_on: None,
    })
}

/// A line that waits: its number, to whom under which agreement, and how much.
pub(super) fn new_line(
    id: PayoutBatchLineId,
    batch_id: PayoutBatchId,
    line_no: i32,
    reference: String,
    (agreement_id, household_id): (AgreementId, HouseholdId),
    amount_fen: Fen,
) -> payout_batch_line::Model {
    payout_batch_line::Model {
        id,
        batch_id,
        line_no,
        reference,
        agreement_id,
        household_id,
        amount_fen,
        state: PayoutLineState::Waiting,
        paid_on: None,
        bank_reference: None,
        failure: None,
        receipt_file_id: None,
        cashier_id: None,
        cashier_at: None,
        witness_id: None,
        witness_at: None,
        payout_id: None,
    }
}

/// The day, and eight letters and digits of the random part of the identifier; the database refuses one that exists.
pub(super) fn number_of(id: PayoutBatchId, today: NaiveDate) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let random = id.uuid().as_u128();
    let letter = |place: u32| {
        let index = usize::try_from((random >> (5 * place)) & 31).unwrap_or_default();
        char::from(LETTERS.get(index).copied().unwrap_or(b'0'))
    };
    format!("FF{}-{}", today.format("%Y%m%d"), (0..8).map(letter).collect::<String>())
}

pub(super) fn field(pointer: impl Into<String>, zh: &'static str, en: &'static str) -> FieldProblem {
    FieldProblem { pointer: pointer.into(), detail: Text::new(zh, en) }
}

fn unknown_agreement(index: usize) -> PayoutError {
    PayoutError::Fields(vec![field(
        format!("/lines/{index}/agreement_id"),
        "本单位没有这份协议。",
        "Your organisation has no such agreement.",
    )])
}

/// Holds a batch in reach, and checks its version where one is given.
pub(super) async fn hold(
    tx: &Tx,
    scope: &Scope,
    id: PayoutBatchId,
    version: Option<IfMatch>,
) -> Result<payout_batch::Model, PayoutError> {
    let batch = store::hold(tx, scope, id).await?.ok_or(PayoutError::NotFound)?;
    if let Some(version) = version {
        version.check(batch.version).map_err(|_| PayoutError::Stale)?;
    }
    Ok(batch)
}

/// Takes a step and writes the batch.
pub(super) async fn step(tx: &Tx, batch: &mut payout_batch::Model, step: Step) -> Result<(), PayoutError> {
    let from = batch.state;
    batch.state = state::next(from, step)?;
    batch.version += 1;
    store::update(tx, batch).await?;
    if batch.state != from {
        let operation = match step {
            Step::Approve => "payout_batch.approve",
            Step::Confirm => "payout_batch.confirm",
            Step::Send => "payout_batch.send",
            Step::Report => "payout_batch.report",
            Step::Close => "payout_batch.close",
            Step::Cancel => "payout_batch.cancel",
        };
        let change = Change::moved(operation, "payout_batch", batch.id.uuid(), from.as_str(), batch.state.as_str());
        let change = match &batch.closed_reason {
            Some(reason) => change.because(reason),
            None => change,
        };
        tx.audit(change).await?;
    }
    Ok(())
}

/// Approves a batch that somebody else put together. What was recorded after households had it is booked.
///
/// # Errors
/// Not yours; stale; not a draft; your own; more than is owed by now.
pub async fn approve(
    tx: &Tx,
    grant: &Grant<ApprovePayoutBatch>,
    (id, version): (PayoutBatchId, IfMatch),
) -> Result<PayoutBatchWithLines, PayoutError> {
    let mut batch = hold(tx, grant.scope(), id, Some(version)).await?;
    let person = grant.person()?;
    if batch.paid_on.is_some() {
        let lines = record::book(tx, &mut batch, person).await?;
        return with_lines(tx, batch, lines).await;
    }
    sign(tx, &mut batch, person, Step::Approve)?;
    step(tx, &mut batch, Step::Approve).await?;
    let lines = store::lines(tx, &batch, &Scope::Everything).await?;
    with_lines(tx, batch, lines).await
}

/// The second pair of eyes: who put a batch together does not sign it.
pub(super) fn sign(tx: &Tx, batch: &mut payout_batch::Model, person: PersonId, step: Step) -> Result<(), PayoutError> {
    state::next(batch.state, step)?;
    if person == batch.drafted_by {
        return Err(PayoutError::SameHands(step));
    }
    batch.approved_by = Some(person);
    batch.approved_at = Some(tx.now());
    Ok(())
}

/// Calls a batch off before any money moved; what was in it is open again.
///
/// # Errors
/// Not yours; stale; sent already; no reason.
pub async fn cancel(
    tx: &Tx,
    grant: &Grant<KeepPayoutBatch>,
    id: PayoutBatchId,
    version: IfMatch,
    reason: &str,
) -> Result<PayoutBatch, PayoutError> {
    let mut batch = hold(tx, grant.scope(), id, Some(version)).await?;
    let reason = reason.trim();
    if !(1..=200).contains(&reason.chars().count()) {
        return Err(PayoutError::Fields(vec![field(
            "/reason",
            "请说明原因，1 至 200 字。",
            "Say why in 1 to 200 characters.",
        )]));
    }
    state::next(batch.state, Step::Cancel)?;
    let mut lines = store::lines(tx, &batch, &Scope::Everything).await?;
    lines.iter_mut().for_each(|line| line.state = PayoutLineState::Released);
    store::update_lines(tx, &lines).await?;
    batch.closed_at = Some(tx.now());
    batch.closed_reason = Some(reason.to_owned());
    step(tx, &mut batch, Step::Cancel).await?;
    Ok(batch.into())
}

/// What became of a line.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// The household has it.
    Paid { paid_on: NaiveDate, evidence: FileId, witness: Option<FileId>, bank_reference: Option<String> },
    /// It came back.
    Failed { why: String },
}

/// Books the outcomes of lines of a held, sent batch: each payout a posting of its own, everything that came back one
/// posting together, whose cause is given. Closes the batch with its last line. Answers that posting.
pub(super) async fn report(
    tx: &Tx,
    batch: &mut payout_batch::Model,
    lines: Vec<WholeLine>,
    outcomes: &HashMap<PayoutBatchLineId, Outcome>,
    cause: String,
    object: uuid::Uuid,
) -> Result<Option<PostingId>, PayoutError> {
    let transit = Account::payout_in_transit(batch.supplier_id, batch.id.uuid());
    let cash = Account::supplier_cash(batch.supplier_id);
    let today = business_date(tx.now());
    let mut returned = Posting::new(cause, "payout_returned", today, object);
    let (mut postings, mut payouts, mut changed, mut is_returned) = (Vec::new(), Vec::new(), Vec::new(), false);
    let mut is_last = true;
    for WholeLine { mut line, parts } in lines {
        match outcomes.get(&line.id) {
            Some(Outcome::Paid { paid_on, evidence, witness, bank_reference }) => {
                let id = PayoutId::generate();
                postings.push(posting_of(id, &line, &parts, transit, *paid_on));
                line.state = PayoutLineState::Paid;
                line.paid_on = Some(*paid_on);
                line.bank_reference.clone_from(bank_reference);
                line.payout_id = Some(id);
                payouts.push((id, *evidence, *witness, *paid_on, line.clone()));
                changed.push(line);
            }
            Some(Outcome::Failed { why }) => {
                is_returned = true;
                returned = parts.iter().fold(returned, |posting, (order, part)| {
                    posting.debit(cash, *part, Some(*order)).credit(transit, *part, Some(*order))
                });
                line.state = PayoutLineState::Failed;
                line.failure = Some(why.clone());
                changed.push(line);
            }
            None => is_last &= !matches!(line.state, PayoutLineState::InTransit | PayoutLineState::HandedOver),
        }
    }
    if is_returned {
        postings.push(returned);
    }
    let posted = ledger::post_all(tx, postings).await?;
    let recorded_by = tx.actor().person().or(batch.sent_by).unwrap_or(batch.drafted_by);
    enter(tx, batch, payouts, &posted, recorded_by).await?;
    store::update_lines(tx, &changed).await?;
    step(tx, batch, Step::Report).await?;
    if is_last {
        batch.closed_at = Some(tx.now());
        step(tx, batch, Step::Close).await?;
    }
    Ok(if is_returned { posted.last().copied() } else { None })
}

/// The posting of a payout: each order's part leaves an account of the cooperative's, and is owed no longer.
pub(super) fn posting_of(
    id: PayoutId,
    line: &payout_batch_line::Model,
    parts: &[(SupplierOrderId, Fen)],
    from: Account,
    paid_on: NaiveDate,
) -> Posting {
    let payable = Account::household_payable(line.household_id, line.agreement_id);
    let posting = Posting::new(format!("payout:{id}"), PAYOUT, paid_on, id.uuid());
    // The cash of each order goes out as it came in, so that an order's entries balance by themselves.
    parts.iter().fold(posting, |posting, (order, part)| {
        posting.debit(payable, *part, Some(*order)).credit(from, *part, Some(*order))
    })
}

/// Refuses to let go what is owed no longer.
pub(super) async fn require_owed(tx: &Tx, batch: &payout_batch::Model, lines: &[WholeLine]) -> Result<(), PayoutError> {
    let in_batch = |WholeLine { line, parts }: &WholeLine| {
        (line.agreement_id, line.household_id, parts.iter().map(|(order, _)| *order).collect())
    };
    let lines: Vec<settlement::InBatch> = lines.iter().map(in_batch).collect();
    Ok(settlement::require_owed(tx, batch.supplier_id, &lines).await?)
}

/// A line that became a payout, with its papers.
pub(super) type PaidLine = (PayoutId, FileId, Option<FileId>, NaiveDate, payout_batch_line::Model);

pub(super) async fn enter(
    tx: &Tx,
    batch: &payout_batch::Model,
    payouts: Vec<PaidLine>,
    posted: &[PostingId],
    recorded_by: PersonId,
) -> Result<(), PayoutError> {
    let row =
        |((id, evidence_file_id, witness_file_id, paid_on, line), posting_id): (PaidLine, &PostingId)| payout::Model {
            id,
            supplier_id: batch.supplier_id,
            household_id: line.household_id,
            agreement_id: line.agreement_id,
            amount_fen: line.amount_fen,
            paid_on,
            method: batch.method,
            evidence_file_id,
            witness_file_id,
            reference: line.reference,
            posting_id: *posting_id,
            recorded_by,
            created_at: tx.now(),
        };
    let rows: Vec<payout::Model> = payouts.into_iter().zip(posted).map(row).collect();
    Ok(settlement::enter(tx, &rows).await?)
}

/// One page of batches, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewPayoutBatch>,
    query: &BatchQuery,
) -> Result<Page<PayoutBatch>, Failure> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let limit = page.limit()?;
    let rows = store::list(db, grant.scope(), query.state, page.after()?, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), Into::into))
}

/// A batch with the lines in reach.
///
/// # Errors
/// Not there, or out of reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewPayoutBatch>,
    id: PayoutBatchId,
) -> Result<PayoutBatchWithLines, PayoutError> {
    let batch = store::find(db, grant.scope(), id).await?.ok_or(PayoutError::NotFound)?;
    let lines = store::lines(db, &batch, grant.scope()).await?;
    with_lines(db, batch, lines).await
}

pub(super) async fn with_lines(
    db: &impl ConnectionTrait,
    batch: payout_batch::Model,
    lines: Vec<payout_batch_line::Model>,
) -> Result<PayoutBatchWithLines, PayoutError> {
    let households: Vec<_> = lines.iter().map(|line| line.household_id).collect();
    let households = household::briefs(db, &households).await?;
    let line = |row: payout_batch_line::Model| {
        let household = households.get(&row.household_id).cloned();
        PayoutBatchLine::of(row, household)
    };
    Ok(PayoutBatchWithLines { batch: batch.into(), lines: lines.into_iter().map(line).collect() })
}
