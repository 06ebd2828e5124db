//! Payouts that households had before anybody wrote them down (补录发放): recorded by one person with the evidence, and
//! booked when another has looked at it.
//!
//! Promises: what is recorded is reserved at once, so that nobody pays it out a second time, and moves nothing; the
//! approval of somebody else books all of it in its own transaction, or none. A constant number of statements, whatever
//! the number of payouts.

use super::PayoutError;
use super::service::{self, new_batch, new_line, number_of, posting_of};
use super::state::{NoSuchStep, Step};
use super::store::{self, WholeLine};
use super::view::PayoutBatchWithLines;
use crate::access::Grant;
use crate::access::policy::RecordPayout;
use crate::db::{Change, Tx};
use crate::ledger::{self, Account};
use crate::settlement::{self, view::RecordPayouts};
use entity::value::{PayoutBatchId, PayoutBatchLineId, PayoutId, PayoutLineState, PersonId, business_date};
use entity::{payout_batch, payout_batch_line, payout_batch_part};
use serde_json::json;

/// Records payouts of one day with their common evidence, all or none, for somebody else to approve.
///
/// # Errors
/// A date, an amount or a reference that is not acceptable; evidence that is not yours; an agreement that is not
/// yours; more than accrued; a reference that was used.
pub(super) async fn record(
    tx: &Tx,
    grant: &Grant<RecordPayout>,
    wanted: &RecordPayouts,
) -> Result<PayoutBatchWithLines, PayoutError> {
    let (batch, lines) = prepare(tx, grant, wanted).await?;
    service::with_lines(tx, batch, lines).await
}

/// Records payouts that somebody else has approved already, and books them: what two people did with a sheet. Gives each
/// payout, in the order of the request.
///
/// # Errors
/// As recording; the same person twice.
pub async fn let_go(
    tx: &Tx,
    grant: &Grant<RecordPayout>,
    approved_by: PersonId,
    wanted: &RecordPayouts,
) -> Result<Vec<Option<PayoutId>>, PayoutError> {
    let (mut batch, _) = prepare(tx, grant, wanted).await?;
    let lines = book(tx, &mut batch, approved_by).await?;
    Ok(lines.into_iter().map(|line| line.payout_id).collect())
}

/// The draft, written.
async fn prepare(
    tx: &Tx,
    grant: &Grant<RecordPayout>,
    wanted: &RecordPayouts,
) -> Result<(payout_batch::Model, Vec<payout_batch_line::Model>), PayoutError> {
    let supplier = grant.organisation()?;
    let prepared = settlement::prepare(tx, supplier, wanted).await?;
    let id = PayoutBatchId::generate();
    let (mut lines, mut parts) = (Vec::with_capacity(prepared.len()), Vec::new());
    for (line_no, payout) in (1_i32..).zip(prepared) {
        let line_id = PayoutBatchLineId::generate();
        let part =
            |(supplier_order_id, amount_fen)| payout_batch_part::Model { line_id, supplier_order_id, amount_fen };
        parts.extend(payout.parts.into_iter().map(part));
        let whose = (payout.agreement_id, payout.household_id);
        lines.push(new_line(line_id, id, line_no, payout.reference, whose, payout.amount_fen));
    }
    let number = number_of(id, business_date(tx.now()));
    let draft = new_batch((id, number), supplier, grant.person()?, wanted.method, &lines, tx.now())?;
    let batch = payout_batch::Model {
        evidence_file_id: Some(wanted.evidence_file_id),
        witness_file_id: wanted.witness_file_id,
        paid_on: Some(wanted.paid_on),
        ..draft
    };
    store::insert(tx, &batch, &lines, &parts).await?;
    let after = json!({
        "number": batch.number, "method": batch.method, "lines": batch.line_count, "total_fen": batch.total_fen,
        "paid_on": batch.paid_on, "evidence_file_id": batch.evidence_file_id,
    });
    tx.audit(Change::made("payout_batch.record", "payout_batch", id.uuid(), after)).await?;
    Ok((batch, lines))
}

/// Books a held batch that was recorded, by the word of a second person: each line a payout with a posting of its own.
/// Gives its lines as they are then.
///
/// # Errors
/// Not a draft; the person who recorded it; more than is owed by now.
pub(super) async fn book(
    tx: &Tx,
    batch: &mut payout_batch::Model,
    person: PersonId,
) -> Result<Vec<payout_batch_line::Model>, PayoutError> {
    service::sign(tx, batch, person, Step::Confirm)?;
    let (Some(paid_on), Some(evidence)) = (batch.paid_on, batch.evidence_file_id) else {
        return Err(NoSuchStep { from: batch.state, step: Step::Confirm }.into());
    };
    let cash = Account::supplier_cash(batch.supplier_id);
    let (mut postings, mut payouts) = (Vec::new(), Vec::new());
    let lines = store::whole_lines(tx, batch).await?;
    service::require_owed(tx, batch, &lines).await?;
    for WholeLine { mut line, parts } in lines {
        let id = PayoutId::generate();
        postings.push(posting_of(id, &line, &parts, cash, paid_on));
        line.state = PayoutLineState::Paid;
        line.paid_on = Some(paid_on);
        line.payout_id = Some(id);
        payouts.push((id, evidence, batch.witness_file_id, paid_on, line));
    }
    let posted = ledger::post_all(tx, postings).await?;
    let lines: Vec<payout_batch_line::Model> = payouts.iter().map(|(.., line)| line.clone()).collect();
    service::enter(tx, batch, payouts, &posted, person).await?;
    store::update_lines(tx, &lines).await?;
    batch.closed_at = Some(tx.now());
    service::step(tx, batch, Step::Confirm).await?;
    Ok(lines)
}
