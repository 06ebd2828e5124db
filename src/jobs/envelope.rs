//! An event with what is known of it, for those who hear every event.

use entity::outbox;
use entity::value::{OutboxId, Timestamp};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An event with what is known of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Envelope {
    /// The event.
    pub id: OutboxId,
    /// Its kind.
    pub topic: String,
    /// The object it is about.
    pub aggregate: Uuid,
    /// When it happened.
    pub at: Timestamp,
    /// The event itself.
    pub data: serde_json::Value,
}

impl Envelope {
    /// The envelope of an event, as the payload of a job.
    pub(super) fn seal(event: &outbox::Model) -> Result<String, DbErr> {
        let unreadable = |error: serde_json::Error| DbErr::Json(error.to_string());
        let envelope = Self {
            id: event.id,
            topic: event.topic.clone(),
            aggregate: event.aggregate_id,
            at: event.created_at,
            data: serde_json::from_str(&event.payload).map_err(unreadable)?,
        };
        serde_json::to_string(&envelope).map_err(unreadable)
    }
}
