//! The act of closing: what waits, what is due, the computation, its posting and its record, in one transaction.
//!
//! It holds the supplier's period, then the accounts the posting moves; all are the supplier's or under its agreements,
//! so no order of another supplier waits. An order of this supplier that is settled meanwhile waits for the end and
//! then flows into the next period.

use super::spread::{self, Closing};
use super::view::ClosePeriod;
use super::{Due, PeriodError, PeriodInputs, Waiting, store};
use crate::access::Grant;
use crate::access::policy::KeepPeriod;
use crate::attribution::engine::{Claim, split_below};
use crate::attribution::error::fault;
use crate::attribution::inputs::{Member, hash};
use crate::attribution::plan::terms::terms_of;
use crate::attribution::{agreement, plan};
use crate::db::{Change, Tx};
use crate::http::IfMatch;
use crate::ledger::{self, Account, Posting};
use entity::value::{AgreementId, BenefitMode, Fen, PeriodId, PeriodPoolId, PeriodState, PostingId, business_date};
use entity::{period, period_run, period_share};
use serde_json::json;
use std::collections::HashMap;

/// Closes a period.
///
/// # Errors
/// Not found; stale; closed already; not over; an earlier one is open.
pub(super) async fn close(
    tx: &Tx,
    grant: &Grant<KeepPeriod>,
    id: PeriodId,
    version: IfMatch,
    wanted: &ClosePeriod,
) -> Result<(), PeriodError> {
    let note = wanted.note.as_deref().map(str::trim).unwrap_or_default();
    if note.chars().count() > 200 {
        let wrong = fault("/note", "备注不超过 200 个字。", "A remark has at most 200 characters.");
        return Err(PeriodError::Fields(vec![wrong]));
    }
    let period = store::hold(tx, grant.scope(), id).await?.ok_or(PeriodError::NotFound)?;
    version.check(period.version).map_err(|_| PeriodError::Stale)?;
    if period.state == PeriodState::Closed {
        return Err(PeriodError::Closed);
    }
    if business_date(tx.now()) <= period.ends_on {
        return Err(PeriodError::NotOver);
    }
    if store::has_open_before(tx, period.supplier_id, period.starts_on).await? {
        return Err(PeriodError::EarlierOpen);
    }
    let inputs = PeriodInputs::new(
        (id, period.supplier_id),
        (period.starts_on, period.ends_on),
        waiting(tx, id).await?,
        due(tx, &period).await?,
    );
    let closing = spread::close(&inputs)?;
    let posting_id = post(tx, &period, &closing).await?;
    let text = inputs.canonical()?;
    let run = period_run::Model {
        period_id: id,
        pool_fen: closing.pool_fen,
        due_fen: closing.due_fen,
        shared_fen: closing.shared_fen,
        retained_fen: closing.retained_fen,
        inputs_hash: hash(&text),
        inputs: text,
        posting_id,
        created_at: tx.now(),
    };
    let after = json!({
        "pool_fen": run.pool_fen, "due_fen": run.due_fen, "shared_fen": run.shared_fen,
        "retained_fen": run.retained_fen, "inputs_hash": run.inputs_hash,
    });
    store::insert_run(tx, run, share_rows(id, &closing)).await?;
    store::set_closed(tx, id, grant.person()?).await?;
    let made = Change::made("period.closed", "period", id.uuid(), after);
    tx.audit(if note.is_empty() { made } else { made.because(note) }).await?;
    Ok(())
}

fn share_rows(id: PeriodId, closing: &Closing) -> Vec<period_share::Model> {
    let row = |(line_no, share): (i32, &spread::PeriodShare)| {
        let Due { mode, agreement_id, household_id, household_status, due_fen } = share.due;
        let amount_fen = share.amount_fen;
        period_share::Model {
            period_id: id,
            line_no,
            mode,
            agreement_id,
            household_id,
            household_status,
            due_fen,
            amount_fen,
        }
    };
    (1..).zip(&closing.shares).map(row).collect()
}

/// What orders brought to the pools of a period, by the journal.
async fn waiting(tx: &Tx, id: PeriodId) -> Result<Vec<Waiting>, PeriodError> {
    let modes: HashMap<PeriodPoolId, BenefitMode> =
        store::pools_of(tx, &[id]).await?.into_iter().map(|pool| (pool.id, pool.mode)).collect();
    let pools: Vec<PeriodPoolId> = modes.keys().copied().collect();
    let mut waiting = Vec::new();
    for row in store::brought(tx, &pools).await? {
        let (Some(mode), amount_fen) = (modes.get(&row.part_id), Fen::new(row.amount_fen)?) else { continue };
        if !amount_fen.is_zero() {
            let (pool_id, supplier_order_id) = (row.part_id, row.supplier_order_id);
            waiting.push(Waiting { mode: *mode, pool_id, supplier_order_id, amount_fen });
        }
    }
    Ok(waiting)
}

/// What is due in a period: what is recorded under agreements, and the dividends by the shares of its last day. Only to
/// households that were registered by then; under a plan that wants it, only what the county had confirmed.
async fn due(tx: &Tx, period: &period::Model) -> Result<Vec<Due>, PeriodError> {
    let plan = plan::plan_in_force(tx, period.supplier_id).await?.map(|plan| terms_of(&plan));
    let may_share = |member: &Member| plan.as_ref().is_none_or(|plan| member.may_share(plan));
    let mut amounts: HashMap<AgreementId, Fen> = HashMap::new();
    let mut dividend = Fen::ZERO;
    for row in store::recorded(tx, period.id).await? {
        match row.agreement_id {
            Some(agreement) => {
                amounts.insert(agreement, row.due_fen);
            }
            None => dividend = dividend.checked_add(row.due_fen)?,
        }
    }
    let ids: Vec<AgreementId> = amounts.keys().copied().collect();
    let mut due: Vec<Due> = Vec::with_capacity(ids.len());
    for member in agreement::roster_of(tx, &ids, period.ends_on).await?.iter().filter(|member| may_share(member)) {
        due.extend(amounts.get(&member.agreement_id).map(|amount| of_member(member, *amount)));
    }
    if !dividend.is_zero() {
        let mut holders = agreement::roster(tx, period.supplier_id, period.ends_on).await?;
        holders.retain(|member| member.mode == BenefitMode::Dividend && may_share(member));
        let claim = |member: &Member| Claim {
            key: member.agreement_id.uuid().into_bytes(),
            weight: member.weight.unsigned_abs(),
            room: None,
        };
        let claims: Vec<Claim> = holders.iter().map(claim).collect();
        let (parts, _) = split_below(dividend, period.id.uuid(), &claims).map_err(spread::SpreadError::Split)?;
        due.extend(holders.iter().zip(parts).map(|(member, part)| of_member(member, part)));
    }
    due.retain(|due| !due.due_fen.is_zero());
    Ok(due)
}

fn of_member(member: &Member, due_fen: Fen) -> Due {
    let Member { mode, agreement_id, household_id, household_status, .. } = *member;
    Due { mode, agreement_id, household_id, household_status, due_fen }
}

/// One posting empties every pool: to households, as promised and as accrued, and to what the supplier keeps, each entry
/// with its order.
async fn post(tx: &Tx, period: &period::Model, closing: &Closing) -> Result<Option<PostingId>, PeriodError> {
    if closing.orders.is_empty() {
        return Ok(None);
    }
    let supplier = period.supplier_id;
    let cause = format!("period:{}:closed", period.id);
    let mut posting = Posting::new(cause, "period_closed", period.ends_on, period.id.uuid());
    for order in &closing.orders {
        let id = Some(order.waiting.supplier_order_id);
        let pool = Account::period_pool(supplier, order.waiting.pool_id.uuid());
        posting = posting.debit(pool, order.waiting.amount_fen, id);
        let shared = Fen::checked_sum(order.parts.iter().map(|(_, part)| *part))?;
        posting = posting.debit(Account::promise_given(supplier), shared, id);
        for (place, part) in &order.parts {
            let Some(share) = closing.shares.get(*place) else { continue };
            let (household, agreement) = (share.due.household_id, share.due.agreement_id);
            posting = posting.credit(Account::household_promised(household, agreement), *part, id).credit(
                Account::household_payable(household, agreement),
                *part,
                id,
            );
        }
        posting = posting.credit(Account::supplier_retained(supplier), order.retained_fen, id);
    }
    Ok(Some(ledger::post(tx, posting).await?))
}
