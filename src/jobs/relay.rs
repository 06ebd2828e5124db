//! The relay: an event of the outbox becomes one job for each listener, in one transaction.
//!
//! It takes what is undelivered, never "what is newer than the last one": identifiers are not commit order,
//! and a watermark would skip a transaction that commits late.

use super::queue;
use crate::access::Actor;
use crate::app::App;
use crate::db;
use crate::problem::Failure;

const BATCH: u64 = 200;

/// Hands a batch of events to their listeners; says how many there were.
pub(super) async fn relay(app: &App) -> Result<usize, Failure> {
    app.transact(&Actor::System, async |tx| -> Result<usize, Failure> {
        let events = db::claim_outbox(tx, BATCH).await?;
        if events.is_empty() {
            return Ok(0);
        }
        let told = events.iter().map(|event| (event.topic.as_str(), event.payload.as_str()));
        queue::enqueue_for_listeners(tx, app.jobs, told).await?;
        db::mark_delivered(tx, events.iter().map(|event| event.id).collect()).await?;
        Ok(events.len())
    })
    .await
}
