//! Cash: the cashier says who had it, with the receipt each household signed; a witness from the village signs after.

use super::service::{self, Outcome, field, hold};
use super::state::Step;
use super::store::{self, WholeLine};
use super::view::{HandOver, HandedOver, PayoutBatchWithLines, WitnessLines};
use super::{PayoutError, send};
use crate::access::policy::{KeepPayoutBatch, WitnessPayout};
use crate::access::{Grant, Scope};
use crate::db::{Change, Tx};
use crate::{document, household};
use entity::value::{FileId, HouseholdId, PayoutBatchId, PayoutBatchLineId, PayoutLineState, business_date};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// The cashier's word: the first signature. What came back is owed again at once.
///
/// # Errors
/// Not yours; no cash, or not out; a line that is not waiting for it; a receipt that is not yours.
pub async fn hand_over(
    tx: &Tx,
    grant: &Grant<KeepPayoutBatch>,
    id: PayoutBatchId,
    wanted: &HandOver,
) -> Result<PayoutBatchWithLines, PayoutError> {
    let mut batch = hold(tx, grant.scope(), id, None).await?;
    send::require_cash(&batch)?;
    let sent_on = batch.sent_at.map_or(business_date(tx.now()), business_date);
    let mut faults = Vec::new();
    if wanted.paid_on > business_date(tx.now()) || wanted.paid_on < sent_on {
        let (zh, en) = ("发放日期应在送出之日与今天之间。", "The day lies between the sending and today.");
        faults.push(field("/paid_on", zh, en));
    }
    let mut lines = store::whole_lines(tx, &batch).await?;
    let by_id: HashMap<PayoutBatchLineId, usize> =
        lines.iter().enumerate().map(|(place, whole)| (whole.line.id, place)).collect();
    let mut failed = HashMap::new();
    let mut handed = Vec::new();
    for (index, said) in wanted.lines.iter().enumerate() {
        let whole = by_id.get(&said.line_id).and_then(|place| lines.get_mut(*place));
        let Some(whole) = whole.filter(|whole| whole.line.state == PayoutLineState::InTransit) else {
            let (zh, en) = ("本批次没有待发放的这一笔。", "The batch has no such line waiting for it.");
            faults.push(field(format!("/lines/{index}/line_id"), zh, en));
            continue;
        };
        match read(said) {
            Ok(Ok(receipt)) => {
                sign(tx, grant, whole, receipt, wanted.paid_on)?;
                handed.push(receipt);
            }
            Ok(Err(why)) => {
                failed.insert(said.line_id, Outcome::Failed { why });
            }
            Err((zh, en)) => faults.push(field(format!("/lines/{index}"), zh, en)),
        }
    }
    if !faults.is_empty() || wanted.lines.is_empty() {
        return Err(PayoutError::Fields(faults));
    }
    document::require_own(tx, batch.supplier_id, &handed).await?;
    let signed = lines.iter().filter(|whole| whole.line.state == PayoutLineState::HandedOver);
    let signed: Vec<_> = signed.map(|whole| whole.line.clone()).collect();
    store::update_lines(tx, &signed).await?;
    let after = json!({ "handed_over": handed.len(), "failed": failed.len() });
    tx.audit(Change::made("payout_batch.hand_over", "payout_batch", id.uuid(), after)).await?;
    // One act of a cashier is one cause: the version counts them.
    let cause = format!("payout_batch:{id}:returned:{}", batch.version);
    service::report(tx, &mut batch, lines, &failed, cause, id.uuid()).await?;
    let lines = store::lines(tx, &batch, &Scope::Everything).await?;
    service::with_lines(tx, batch, lines).await
}

/// A receipt, or why there is none.
fn read(said: &HandedOver) -> Result<Result<FileId, String>, (&'static str, &'static str)> {
    match (said.receipt_file_id, said.failure.as_deref().map(str::trim)) {
        (Some(receipt), None) => Ok(Ok(receipt)),
        (None, Some(why)) if (1..=200).contains(&why.chars().count()) => Ok(Err(why.to_owned())),
        _ => Err((
            "每笔须有农户签字的收据，或者未发放的原因，二者居其一。",
            "Each line has either the receipt that the household signed, or why it was not paid.",
        )),
    }
}

fn sign(
    tx: &Tx,
    grant: &Grant<KeepPayoutBatch>,
    whole: &mut WholeLine,
    receipt: FileId,
    paid_on: chrono::NaiveDate,
) -> Result<(), PayoutError> {
    whole.line.state = PayoutLineState::HandedOver;
    whole.line.paid_on = Some(paid_on);
    whole.line.receipt_file_id = Some(receipt);
    whole.line.cashier_id = Some(grant.person()?);
    whole.line.cashier_at = Some(tx.now());
    Ok(())
}

/// The witness's word: the second signature, by which it becomes income.
///
/// # Errors
/// No line of your village in it; a line that is not waiting for it; your own signature as cashier.
pub async fn witness(
    tx: &Tx,
    grant: &Grant<WitnessPayout>,
    id: PayoutBatchId,
    wanted: &WitnessLines,
) -> Result<PayoutBatchWithLines, PayoutError> {
    let mut batch = hold(tx, grant.scope(), id, None).await?;
    send::require_cash(&batch)?;
    let (village, person) = (grant.organisation()?, grant.person()?);
    let mut lines = store::whole_lines(tx, &batch).await?;
    let households: Vec<HouseholdId> = lines.iter().map(|whole| whole.line.household_id).collect();
    let villages = household::village_of(tx, &households).await?;
    let wanted_ids: HashSet<PayoutBatchLineId> = wanted.lines.iter().copied().collect();
    let mut outcomes = HashMap::new();
    for whole in &mut lines {
        let line = &mut whole.line;
        let own = villages.get(&line.household_id) == Some(&village);
        if !own || !wanted_ids.contains(&line.id) || line.state != PayoutLineState::HandedOver {
            continue;
        }
        if line.cashier_id == Some(person) {
            return Err(PayoutError::SameHands(Step::Report));
        }
        let (Some(paid_on), Some(evidence)) = (line.paid_on, line.receipt_file_id) else { continue };
        line.witness_id = Some(person);
        line.witness_at = Some(tx.now());
        outcomes.insert(line.id, Outcome::Paid { paid_on, evidence, witness: None, bank_reference: None });
    }
    let faults = wanted.lines.iter().enumerate().filter(|(_, line)| !outcomes.contains_key(line));
    let faults: Vec<_> = faults
        .map(|(index, _)| {
            let (zh, en) = ("本村没有待见证的这一笔。", "Your village has no such line waiting for a witness.");
            field(format!("/lines/{index}"), zh, en)
        })
        .collect();
    if !faults.is_empty() || outcomes.is_empty() {
        return Err(PayoutError::Fields(faults));
    }
    let after = json!({ "witnessed": outcomes.len() });
    tx.audit(Change::made("payout_batch.witness", "payout_batch", id.uuid(), after)).await?;
    let cause = format!("payout_batch:{id}:returned:{}", batch.version);
    service::report(tx, &mut batch, lines, &outcomes, cause, id.uuid()).await?;
    let lines = store::lines(tx, &batch, grant.scope()).await?;
    service::with_lines(tx, batch, lines).await
}
