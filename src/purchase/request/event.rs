//! What others may hear of requests.

use crate::db::Event;
use entity::value::{Fen, OrganisationId, PurchaseRequestId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Somebody has to decide a request, or is reminded of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RequestWaits {
    /// The request.
    pub request: PurchaseRequestId,
    /// Who buys.
    pub buyer: OrganisationId,
    /// Whose people decide.
    pub organisation: OrganisationId,
    /// What it costs.
    pub total_fen: Fen,
    /// Which entry of its history this is; tells one mail from another.
    pub event_no: i32,
    /// Whether it waits for long.
    pub is_reminder: bool,
}

impl Event for RequestWaits {
    const TOPIC: &'static str = "purchase_request.waits";
    fn aggregate(&self) -> Uuid {
        self.request.uuid()
    }
}

/// A request was sent back to the buyer, or expired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RequestReturned {
    /// The request.
    pub request: PurchaseRequestId,
    /// Who buys.
    pub buyer: OrganisationId,
    /// What it costs.
    pub total_fen: Fen,
    /// Which entry of its history this is; tells one mail from another.
    pub event_no: i32,
    /// Whether nobody decided in time.
    pub is_expired: bool,
}

impl Event for RequestReturned {
    const TOPIC: &'static str = "purchase_request.returned";
    fn aggregate(&self) -> Uuid {
        self.request.uuid()
    }
}
