//! What the clock does with standing orders: makes call-offs, and ends those that nobody confirmed.

use super::event::CallOffMade;
use super::service::following;
use super::store;
use crate::access::{Actor, Scope};
use crate::app::App;
use crate::db::{Change, Tx};
use crate::problem::Failure;
use crate::purchase::PurchaseError;
use chrono::Days;
use entity::value::{CallOffId, CallOffState, StandingOrderId, StandingState, business_date};
use entity::{standing_call_off, standing_order};
use sea_orm::DbErr;
use serde_json::json;

/// So many standing orders a turn; the next turn takes the others.
const BATCH: u64 = 200;
/// No call-off is made earlier than this before its day.
const LONGEST_LEAD: u64 = 60;

/// Makes what is due, each standing order in a transaction of its own.
///
/// # Errors
/// When the database cannot be asked.
pub async fn run(app: &App) -> Result<(), Failure> {
    let today = business_date(app.clock.now());
    app.transact(&Actor::System, async |tx| -> Result<(), DbErr> {
        store::lapse(tx, business_date(tx.now())).await.map(drop)
    })
    .await?;
    let until = today.checked_add_days(Days::new(LONGEST_LEAD)).unwrap_or(today);
    for id in store::due(app.reader(), until, BATCH).await? {
        app.transact(&Actor::System, async |tx| one(tx, id).await).await?;
    }
    Ok(())
}

/// Looks at a standing order again, now that nobody else can change it, and makes every call-off whose time has come.
/// Deliveries whose day is over are passed by: a server that slept does not order for last week.
async fn one(tx: &Tx, id: StandingOrderId) -> Result<(), PurchaseError> {
    let Some(row) = store::hold(tx, &Scope::Everything, id).await? else { return Ok(()) };
    let today = business_date(tx.now());
    let lead = u64::try_from(row.lead_days).unwrap_or(0);
    let Some(until) = today.checked_add_days(Days::new(lead)) else { return Ok(()) };
    let mut next = row.next_on.filter(|_| row.state == StandingState::Active);
    let before = next;
    while let Some(on) = next.filter(|on| *on <= until) {
        if on > today {
            make(tx, &row, on).await?;
        }
        next = following(&row, on);
    }
    if next != before {
        store::save(tx, standing_order::Model { next_on: next, ..row }).await?;
    }
    Ok(())
}

async fn make(tx: &Tx, row: &standing_order::Model, on: chrono::NaiveDate) -> Result<(), PurchaseError> {
    let call_off = standing_call_off::Model {
        id: CallOffId::generate(),
        standing_id: row.id,
        buyer_id: row.buyer_id,
        due_on: on,
        state: CallOffState::Proposed,
        request_id: None,
        decided_by: None,
        reason: None,
        made_at: tx.now(),
        decided_at: None,
        version: 1,
    };
    let id = call_off.id;
    if store::insert_call_off(tx, call_off).await? {
        let after = json!({ "standing_order_id": row.id, "due_on": on });
        tx.audit(Change::made("standing_call_off.make", "standing_call_off", id.uuid(), after)).await?;
        tx.emit(&CallOffMade { call_off: id, buyer: row.buyer_id, title: row.title.clone(), due_on: on }).await?;
    }
    Ok(())
}
