//! The relay: an event of the outbox becomes one job for each listener, in one transaction.
//!
//! It takes what is undelivered, never "what is newer than the last one": identifiers are not commit order,
//! and a watermark would skip a transaction that commits late. One relay works at a time, whatever the number of
//! servers, so the positions it hands out are the order in which events became known, for each object that of commits.

use super::queue;
use crate::access::Actor;
use crate::app::App;
use crate::db::{self, Sequence};
use crate::outage::{self, Place};
use crate::problem::Failure;

const BATCH: u64 = 200;

/// Hands a batch of events to their listeners; says how many there were.
pub(super) async fn relay(app: &App) -> Result<usize, Failure> {
    if !db::has_undelivered(app.reader()).await? {
        return Ok(0);
    }
    let events = app
        .transact(&Actor::System, async |tx| -> Result<usize, Failure> {
            let head = Sequence::RELAY.hold(tx).await?;
            let events = db::claim_outbox(tx, BATCH).await?;
            if events.is_empty() {
                return Ok(0);
            }
            let last = queue::enqueue_for_listeners(tx, app.jobs, head, &events).await?;
            Sequence::RELAY.move_to(tx, last).await?;
            db::mark_delivered(tx, events.iter().map(|event| event.id).collect()).await?;
            Ok(events.len())
        })
        .await?;
    if events > 0 {
        outage::here(Place::EventsHandedOn);
    }
    Ok(events)
}
