//! What the clock does with requests: reminds those who decide, and ends what nobody decided.

use super::event::RequestReturned;
use super::service::{History, closed, hold_any, remind_at, tell_waits};
use super::store;
use crate::access::Actor;
use crate::app::App;
use crate::db::{Change, Tx};
use crate::problem::Failure;
use crate::purchase::PurchaseError;
use entity::purchase_request;
use entity::value::{PurchaseRequestId, RequestEvent, RequestState};

/// So many requests a turn; the next turn takes the others.
const BATCH: u64 = 200;

/// Takes every request that is due, each in a transaction of its own.
///
/// # Errors
/// When the database cannot be asked.
pub async fn run(app: &App) -> Result<(), Failure> {
    for id in store::due(app.reader(), app.clock.now(), BATCH).await? {
        app.transact(&Actor::System, async |tx| one(tx, id).await).await?;
    }
    Ok(())
}

/// Looks at a request again, now that nobody else can change it.
async fn one(tx: &Tx, id: PurchaseRequestId) -> Result<(), PurchaseError> {
    let Some(row) = hold_any(tx, id).await? else { return Ok(()) };
    let now = tx.now();
    let is_open = matches!(row.state, RequestState::Waiting | RequestState::Returned);
    if is_open && row.expires_at <= now {
        return expire(tx, row).await;
    }
    if row.state != RequestState::Waiting || row.remind_at.is_none_or(|at| at > now) {
        return Ok(());
    }
    let steps = store::steps_of(tx, &row).await?;
    let Some(step) = steps.iter().find(|step| step.step_no == row.step_no) else { return Ok(()) };
    let mut history = History::after(tx, &row).await?;
    let event_no = history.add(RequestEvent::Reminded, None, step.delegate_id.or(step.person_id), None, now);
    store::insert_events(tx, history.entries).await?;
    let remind_at = remind_at(now, Some(step.remind_hours));
    // Whoever has it open may still decide it: being reminded is no change of the request.
    let row = purchase_request::Model { remind_at, version: row.version - 1, ..row };
    let row = store::save(tx, row).await?;
    Ok(tell_waits(tx, &row, step.organisation_id, event_no, true).await?)
}

async fn expire(tx: &Tx, row: purchase_request::Model) -> Result<(), PurchaseError> {
    let mut history = History::after(tx, &row).await?;
    let event_no = history.add(RequestEvent::Expired, None, None, None, tx.now());
    store::insert_events(tx, history.entries).await?;
    let from = row.state;
    let row = store::save(tx, closed(row, RequestState::Expired, tx.now())).await?;
    let (id, to) = (row.id.uuid(), row.state.as_str());
    tx.audit(Change::moved("purchase_request.expire", "purchase_request", id, from.as_str(), to)).await?;
    let (request, buyer, total_fen) = (row.id, row.buyer_id, row.total_fen);
    tx.emit(&RequestReturned { request, buyer, total_fen, event_no, is_expired: true }).await?;
    Ok(())
}
