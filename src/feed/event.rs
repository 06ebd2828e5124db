//! What is told of webhooks: it is written by the room that sends them, and listed in the catalogue with the rest.

use crate::db::Event;
use entity::value::{OrganisationId, WebhookEndpointId};
use uuid::Uuid;

/// An endpoint was switched off because it did not answer for long, or said that it is gone.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct EndpointDisabled {
    /// The endpoint.
    pub endpoint: WebhookEndpointId,
    /// Whose it is.
    pub organisation: OrganisationId,
}

impl Event for EndpointDisabled {
    const TOPIC: &'static str = "webhook.disabled";

    fn aggregate(&self) -> Uuid {
        self.endpoint.uuid()
    }
}
