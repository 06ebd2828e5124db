//! Endpoints and deliveries as they come in and go out. What holds a secret has no `Debug`.

use crate::http::Words;
use chrono::{DateTime, Utc};
use entity::value::{
    DeliveryState, DisabledBecause, EndpointState, OrganisationId, OutboxId, WebhookDeliveryId, WebhookEndpointId,
};
use entity::{webhook_attempt, webhook_delivery, webhook_endpoint};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// An endpoint to be entered, or what one shall be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepEndpoint {
    /// What it is for.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "财务系统")]
    pub name: Words<100>,
    /// Where events are posted to: `https://…`, never into a private network.
    #[schema(min_length = 1, max_length = 2000, example = "https://finance.example.com/liannong")]
    pub url: String,
    /// The kinds of events it wants, as `GET /api/v1/event-types` lists them; all when there are none.
    #[schema(max_items = 50, example = json!(["order.paid"]))]
    pub types: Vec<String>,
}

/// An endpoint (推送地址), without its secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Endpoint {
    /// Its identifier.
    pub id: WebhookEndpointId,
    /// Whose events.
    pub organisation_id: OrganisationId,
    /// What it is for.
    #[schema(example = "财务系统")]
    pub name: String,
    /// Where events are posted to.
    #[schema(example = "https://finance.example.com/liannong")]
    pub url: String,
    /// The kinds of events it wants; all when there are none.
    #[schema(example = json!(["order.paid"]))]
    pub types: Vec<String>,
    /// Whether it is called.
    pub state: EndpointState,
    /// Why not.
    pub disabled_because: Option<DisabledBecause>,
    /// Since when nothing has arrived there.
    pub failing_since: Option<DateTime<Utc>>,
    /// Until when the secret before signs too.
    pub previous_secret_until: Option<DateTime<Utc>>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

/// The kinds of events that stand in a row.
pub(super) fn topics(row: &webhook_endpoint::Model) -> Vec<String> {
    row.topics.split_whitespace().map(str::to_owned).collect()
}

impl From<webhook_endpoint::Model> for Endpoint {
    fn from(row: webhook_endpoint::Model) -> Self {
        Self {
            types: topics(&row),
            id: row.id,
            organisation_id: row.organisation_id,
            name: row.name,
            url: row.url,
            state: row.state,
            disabled_because: row.disabled_because,
            failing_since: row.failing_since,
            previous_secret_until: row.previous_until,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// An endpoint with its secret, which is shown this once.
#[derive(Clone, Serialize, ToSchema)]
pub struct EndpointWithSecret {
    /// Signs what is sent there, after Standard Webhooks.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=")]
    pub secret: String,
    /// What is kept of it.
    #[serde(flatten)]
    pub endpoint: Endpoint,
}

/// What a list of deliveries is narrowed to.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeliveryFilter {
    /// Only to this endpoint.
    pub endpoint: Option<WebhookEndpointId>,
    /// Only those in this state.
    #[param(inline)]
    pub state: Option<DeliveryState>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// An event on its way to an endpoint.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Delivered {
    /// Its identifier.
    pub id: WebhookDeliveryId,
    /// Where to.
    pub endpoint_id: WebhookEndpointId,
    /// The event: its `webhook-id`.
    pub event_id: OutboxId,
    /// Its kind.
    #[serde(rename = "type")]
    #[schema(example = "order.paid")]
    pub topic: String,
    /// The object it is about.
    pub aggregate_id: Uuid,
    /// Where it is.
    pub state: DeliveryState,
    /// How often it was tried since it was last set out.
    pub attempts: i32,
    /// When it is tried next.
    pub next_at: Option<DateTime<Utc>>,
    /// When it arrived.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When it first set out.
    pub created_at: DateTime<Utc>,
}

impl From<webhook_delivery::Model> for Delivered {
    fn from(row: webhook_delivery::Model) -> Self {
        Self {
            id: row.id,
            endpoint_id: row.endpoint_id,
            event_id: row.event_id,
            topic: row.topic,
            aggregate_id: row.aggregate_id,
            state: row.state,
            attempts: row.attempts,
            next_at: row.next_at,
            delivered_at: row.delivered_at,
            created_at: row.created_at,
        }
    }
}

/// One attempt.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Attempt {
    /// The how-manieth.
    #[schema(example = 1)]
    pub number: i32,
    /// When.
    pub at: DateTime<Utc>,
    /// What came of it.
    #[schema(example = "status 204")]
    pub outcome: String,
    /// How long it took, in milliseconds.
    #[schema(example = 87)]
    pub took_ms: i64,
}

impl From<webhook_attempt::Model> for Attempt {
    fn from(row: webhook_attempt::Model) -> Self {
        Self { number: row.number, at: row.at, outcome: row.outcome, took_ms: row.took_ms }
    }
}

/// A delivery with what was sent and every attempt.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeliveryLog {
    /// The delivery.
    #[serde(flatten)]
    pub delivery: Delivered,
    /// What is sent, to the byte.
    pub body: String,
    /// Every attempt, the first one first.
    pub log: Vec<Attempt>,
}

/// How much is sent again.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SentAgain {
    /// How many deliveries.
    #[schema(example = 3)]
    pub deliveries: u64,
}
