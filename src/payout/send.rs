//! To the bank and back: the money goes on its way, the file for the bank is written, the bank's result is read.

use super::PayoutError;
use super::format::{Formats, PayRow, ResultRow};
use super::service::{self, Outcome, field, hold, step};
use super::state::{self, Step};
use super::store::{self, WholeLine};
use super::view::{PayoutBatch, PayoutResult, ResultQuery};
use crate::access::policy::KeepPayoutBatch;
use crate::access::{Grant, Scope};
use crate::db::{Change, Tx};
use crate::http::IfMatch;
use crate::ledger::{self, Account, Posting};
use crate::privacy::{self, Seen};
use crate::problem::{FieldProblem, Text};
use crate::secrecy::{Secrets, sha256_hex};
use crate::{document, household};
use entity::value::{
    Overflow, PayoutBatchId, PayoutBatchLineId, PayoutBatchState, PayoutLineState, PayoutMethod, PayoutResultId,
    ProcessingPurpose, business_date,
};
use entity::{payout_batch, payout_batch_line, payout_result};
use serde_json::json;
use std::collections::HashMap;

/// Sends an approved batch: its money leaves the cooperative's account for that of what is on its way.
///
/// # Errors
/// Not yours; stale; not approved; no such format; a household without an account; not enough money.
pub async fn send(
    tx: &Tx,
    secrets: &Secrets,
    formats: &Formats,
    grant: &Grant<KeepPayoutBatch>,
    (id, version): (PayoutBatchId, IfMatch),
    format: Option<&str>,
) -> Result<PayoutBatch, PayoutError> {
    let mut batch = hold(tx, grant.scope(), id, Some(version)).await?;
    state::next(batch.state, Step::Send)?;
    let whole = store::whole_lines(tx, &batch).await?;
    service::require_owed(tx, &batch, &whole).await?;
    let mut lines: Vec<payout_batch_line::Model> = whole.into_iter().map(|whole| whole.line).collect();
    match (batch.method, format) {
        (PayoutMethod::Cash, None) => {}
        (PayoutMethod::Cash, Some(_)) => {
            let (zh, en) = ("现金发放不用银行文件格式。", "Cash goes out in no bank's format.");
            return Err(PayoutError::Fields(vec![field("/format", zh, en)]));
        }
        (PayoutMethod::BankTransfer, None) => {
            let (zh, en) = ("请给出银行文件格式。", "Name the bank's format.");
            return Err(PayoutError::Fields(vec![field("/format", zh, en)]));
        }
        (PayoutMethod::BankTransfer, Some(name)) => {
            let format = formats.named(name)?;
            // What cannot be written is found before money moves.
            format.write(&batch.number, PURPOSE, &pay_rows(tx, secrets, &lines).await?)?;
            batch.format = Some(format.name.clone());
        }
    }
    let transit = Account::payout_in_transit(batch.supplier_id, batch.id.uuid());
    let cash = Account::supplier_cash(batch.supplier_id);
    let cause = format!("payout_batch:{id}:sent");
    let posting = Posting::new(cause, "payout_sent", business_date(tx.now()), id.uuid());
    let posting = store::parts(tx, id).await?.iter().fold(posting, |posting, part| {
        let order = Some(part.supplier_order_id);
        posting.debit(transit, part.amount_fen, order).credit(cash, part.amount_fen, order)
    });
    batch.posting_id = Some(ledger::post(tx, posting).await?);
    batch.sent_by = Some(grant.person()?);
    batch.sent_at = Some(tx.now());
    lines.iter_mut().for_each(|line| line.state = PayoutLineState::InTransit);
    store::update_lines(tx, &lines).await?;
    step(tx, &mut batch, Step::Send).await?;
    Ok(batch.into())
}

/// What the household reads on its own statement from the bank.
const PURPOSE: &str = "联农带农收益";

async fn pay_rows(tx: &Tx, secrets: &Secrets, lines: &[payout_batch_line::Model]) -> Result<Vec<PayRow>, PayoutError> {
    let (_, households) = store::households(lines);
    let mut payees = match household::payees(tx, secrets, &households).await {
        Ok(payees) => payees,
        Err(household::HouseholdError::Database(error)) => return Err(error.into()),
        Err(_) => return Err(crate::secrecy::SecrecyError::DoesNotOpen.into()),
    };
    let (mut rows, mut missing) = (Vec::with_capacity(lines.len()), Vec::new());
    for line in lines {
        // One household may have several lines.
        let Some(payee) = payees.get_mut(&line.household_id) else {
            missing.push(FieldProblem {
                pointer: format!("/lines/{}", line.line_no),
                detail: Text::new(
                    format!("第 {} 笔（{}）的农户没有登记收款账号。", line.line_no, line.reference),
                    format!("The household of line {} ({}) has no account.", line.line_no, line.reference),
                ),
            });
            continue;
        };
        rows.push(PayRow {
            reference: line.reference.clone(),
            payee_name: payee.name.clone(),
            payee_account: payee.bank_account.clone(),
            amount: line.amount_fen,
        });
    }
    if missing.is_empty() { Ok(rows) } else { Err(PayoutError::NoAccount(missing)) }
}

/// The file for the bank, with names and accounts in clear; the audit keeps who took it.
///
/// # Errors
/// Not yours; not sent; cash.
pub async fn bank_file(
    tx: &Tx,
    secrets: &Secrets,
    formats: &Formats,
    grant: &Grant<KeepPayoutBatch>,
    id: PayoutBatchId,
) -> Result<(String, Vec<u8>), PayoutError> {
    let batch = hold(tx, grant.scope(), id, None).await?;
    let (PayoutBatchState::Sent | PayoutBatchState::Closed, Some(format)) = (batch.state, &batch.format) else {
        return Err(state::NoSuchStep { from: batch.state, step: Step::Report }.into());
    };
    let lines = store::lines(tx, &batch, &Scope::Everything).await?;
    let bytes = formats.named(format)?.write(&batch.number, PURPOSE, &pay_rows(tx, secrets, &lines).await?)?;
    // The county of each household can list who took its account away.
    let households = household::find_many(tx, &store::households(&lines).1).await?;
    let seen: Vec<_> = households.iter().map(|household| Seen { household, members: 1 }).collect();
    let purpose = ProcessingPurpose::BenefitPayout;
    privacy::record_access(tx, &seen, purpose, &batch.number, &["name", "bank_account"]).await?;
    let shown = json!({ "lines": lines.len(), "fields": ["name", "bank_account"], "format": format });
    tx.audit(Change::made("payout_batch.bank_file", "payout_batch", id.uuid(), shown)).await?;
    Ok((format!("{}.csv", batch.number), bytes))
}

/// Imports what a bank reports of a batch. The same file again changes nothing.
///
/// # Errors
/// Not yours; not sent; no evidence; a file that cannot be read or contradicts the batch.
pub async fn import(
    tx: &Tx,
    formats: &Formats,
    grant: &Grant<KeepPayoutBatch>,
    id: PayoutBatchId,
    query: &ResultQuery,
    bytes: &[u8],
) -> Result<PayoutResult, PayoutError> {
    let mut batch = hold(tx, grant.scope(), id, None).await?;
    let sha256 = sha256_hex(bytes);
    if let Some(known) = store::result_by_hash(tx, id, &sha256).await? {
        return Ok(PayoutResult::of(&known, batch.state, true));
    }
    state::next(batch.state, Step::Report)?;
    let Some(own_format) = &batch.format else {
        return Err(state::NoSuchStep { from: batch.state, step: Step::Report }.into());
    };
    let format = formats.named(query.format.as_deref().unwrap_or(own_format))?;
    let today = business_date(tx.now());
    let paid_on = query.paid_on.unwrap_or(today);
    let (zh, en) = ("请给出银行回单的文件编号。", "Name the file of the bank's own paper.");
    let evidence = query.evidence_file_id;
    let evidence = evidence.ok_or_else(|| PayoutError::Fields(vec![field("?evidence_file_id", zh, en)]))?;
    let sent_on = batch.sent_at.map_or(today, business_date);
    if paid_on > today || paid_on < sent_on {
        let (zh, en) = ("发放日期应在送出之日与今天之间。", "The day lies between the sending and today.");
        return Err(PayoutError::Fields(vec![field("?paid_on", zh, en)]));
    }
    document::require_own(tx, batch.supplier_id, &[evidence]).await?;
    let rows = format.read(bytes)?;
    let lines = store::whole_lines(tx, &batch).await?;
    let outcomes = compare(&rows, &lines, |row| match &row.outcome {
        Ok(bank_reference) => {
            let bank_reference = Some(bank_reference.clone());
            Outcome::Paid { paid_on, evidence, witness: None, bank_reference }
        }
        Err(why) => Outcome::Failed { why: why.clone() },
    })?;
    let result = PayoutResultId::generate();
    let cause = format!("payout_result:{result}:returned");
    let posting_id = service::report(tx, &mut batch, lines, &outcomes, cause, result.uuid()).await?;
    let count = |rows: usize| i32::try_from(rows).map_err(|_| Overflow);
    let paid = rows.iter().filter(|row| row.outcome.is_ok()).count();
    let row = payout_result::Model {
        id: result,
        batch_id: id,
        sha256,
        format: format.name.clone(),
        paid_on,
        rows_total: count(rows.len())?,
        rows_paid: count(paid)?,
        rows_failed: count(rows.len() - paid)?,
        evidence_file_id: evidence,
        posting_id,
        imported_by: grant.person()?,
        created_at: tx.now(),
    };
    store::insert_result(tx, row.clone()).await?;
    let after =
        json!({ "batch_id": id, "sha256": row.sha256, "rows_paid": row.rows_paid, "rows_failed": row.rows_failed });
    tx.audit(Change::made("payout_batch.result", "payout_result", result.uuid(), after)).await?;
    Ok(PayoutResult::of(&row, batch.state, false))
}

/// What each row says of its line. A row that says again what is on record says nothing; one that says otherwise, or of
/// another amount, refuses the whole file.
fn compare(
    rows: &[ResultRow],
    lines: &[WholeLine],
    outcome: impl Fn(&ResultRow) -> Outcome,
) -> Result<HashMap<PayoutBatchLineId, Outcome>, PayoutError> {
    let by_reference: HashMap<&str, &payout_batch_line::Model> =
        lines.iter().map(|whole| (whole.line.reference.as_str(), &whole.line)).collect();
    let (mut outcomes, mut faults) = (HashMap::new(), Vec::new());
    for (index, row) in rows.iter().enumerate() {
        let mut fault = |zh: &'static str, en: &'static str| faults.push(field(format!("/rows/{index}"), zh, en));
        let Some(line) = by_reference.get(row.reference.as_str()) else {
            fault("本批次没有这个编号。", "The batch has no such reference.");
            continue;
        };
        if line.amount_fen != row.amount {
            fault("金额与批次不符。", "The amount is not that of the batch.");
            continue;
        }
        match (line.state, &row.outcome) {
            (PayoutLineState::InTransit, _) => {
                outcomes.insert(line.id, outcome(row));
            }
            (PayoutLineState::Paid, Ok(reference)) if line.bank_reference.as_ref() == Some(reference) => {}
            (PayoutLineState::Failed, Err(_)) => {}
            _ => fault("与先前登记的结果矛盾。", "It contradicts what was reported before."),
        }
    }
    if faults.is_empty() { Ok(outcomes) } else { Err(PayoutError::Conflict(faults)) }
}

/// Whether a batch is one of cash that is out.
pub(super) fn require_cash(batch: &payout_batch::Model) -> Result<(), PayoutError> {
    state::next(batch.state, Step::Report)?;
    match batch.method {
        PayoutMethod::Cash => Ok(()),
        PayoutMethod::BankTransfer => {
            let (zh, en) = ("银行代发的批次以银行结果文件登记。", "What a bank pays is reported by the bank's result.");
            Err(PayoutError::Fields(vec![field("/lines", zh, en)]))
        }
    }
}
