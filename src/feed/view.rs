//! What comes in and goes out of the feed.

use super::catalogue::{Audience, EventType};
use super::{cursor, schema};
use chrono::{DateTime, Utc};
use entity::feed_entry;
use entity::value::OutboxId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A message of the stream, by the names that server-sent events give its fields. What only keeps the connection open
/// has none of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct StreamMessage {
    /// A cursor: go on with it after a break.
    pub id: Option<String>,
    /// The kind of event.
    #[schema(example = "order.placed")]
    pub event: Option<String>,
    /// The same JSON as an item of the feed.
    pub data: Option<String>,
}

/// Where a reader without a cursor begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeedStart {
    /// With the oldest entry that is kept.
    #[default]
    Oldest,
    /// With what comes from now on.
    Now,
}

/// What is asked of the feed.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FeedQuery {
    /// Where to go on: the `cursor` of the answer before.
    pub cursor: Option<String>,
    /// Where to begin without a cursor; with the oldest entry when not given.
    #[param(inline)]
    pub from: Option<FeedStart>,
    /// Only these kinds of events, comma-separated.
    #[param(max_length = 500, example = "order.placed,order.paid")]
    pub types: Option<String>,
    /// How many entries at most, 1–100; 100 when not given.
    #[param(minimum = 1, maximum = 100, example = 100)]
    pub limit: Option<u64>,
    /// When there is nothing, how many seconds to wait for something, 0–50; 0 when not given.
    #[param(minimum = 0, maximum = 50, example = 0)]
    pub wait_seconds: Option<u32>,
}

/// What is asked of the stream.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StreamQuery {
    /// Where to go on: a `cursor` of the feed, or the `id` of the last event that was streamed. The header
    /// `Last-Event-ID` wins, which clients send by themselves when they connect again.
    pub cursor: Option<String>,
    /// Where to begin without a cursor; with the oldest entry when not given.
    #[param(inline)]
    pub from: Option<FeedStart>,
    /// Only these kinds of events, comma-separated.
    #[param(max_length = 500, example = "order.placed,order.paid")]
    pub types: Option<String>,
}

/// An event of the feed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FeedEvent {
    /// The event; the same in every repetition, by webhook too.
    pub id: OutboxId,
    /// Its kind; its form is at `GET /api/v1/event-types`.
    #[serde(rename = "type")]
    #[schema(example = "order.paid")]
    pub topic: String,
    /// The version of its form.
    #[schema(example = 1)]
    pub version: i32,
    /// When it happened.
    pub timestamp: DateTime<Utc>,
    /// The object it is about.
    pub aggregate_id: Uuid,
    /// The event, as its form says; of what concerns others their part is left out.
    #[schema(value_type = Object)]
    pub data: serde_json::Value,
}

impl FeedEvent {
    pub(super) fn of(row: &feed_entry::Model) -> Self {
        Self {
            id: row.event_id,
            topic: row.topic.clone(),
            version: row.version,
            timestamp: row.occurred_at,
            aggregate_id: row.aggregate_id,
            // It was written as JSON by us.
            data: serde_json::from_str(&row.payload).unwrap_or_default(),
        }
    }

    /// As one message of `text/event-stream`.
    pub(super) fn message(row: &feed_entry::Model) -> String {
        let id = cursor::write(row.organisation_id, row.position);
        let data = serde_json::to_string(&Self::of(row)).unwrap_or_default();
        format!("id: {id}\nevent: {}\ndata: {data}\n\n", row.topic)
    }
}

/// A piece of the feed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FeedPiece {
    /// The events, in the order in which they became true.
    pub items: Vec<FeedEvent>,
    /// Where to go on, also when there are none.
    #[schema(example = "AAAAAAAAACoAAAAB")]
    pub cursor: String,
    /// Whether there is more at once.
    pub more: bool,
}

/// A kind of event.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventKind {
    /// Its name.
    #[serde(rename = "type")]
    #[schema(example = "order.paid")]
    pub topic: &'static str,
    /// The version of its form. Fields may be added within one; whatever breaks a reader makes another.
    #[schema(example = 1)]
    pub version: i32,
    /// What happened, in Chinese.
    #[schema(example = "货款已到账")]
    pub zh: &'static str,
    /// What happened, in English.
    #[schema(example = "The money for an order arrived")]
    pub en: &'static str,
    /// The form of `data`, as JSON Schema (2020-12).
    #[schema(value_type = Object)]
    pub schema: serde_json::Value,
}

/// Every kind of event that the feed and webhooks tell.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventKinds {
    /// They.
    pub items: Vec<EventKind>,
}

impl EventKinds {
    pub(super) fn all(events: &'static [EventType]) -> Self {
        let told = events.iter().filter(|kind| kind.audience != Audience::House);
        let items = told.map(|kind| EventKind {
            topic: kind.topic,
            version: kind.version,
            zh: kind.words.0,
            en: kind.words.1,
            schema: schema::published(kind),
        });
        Self { items: items.collect() }
    }
}
