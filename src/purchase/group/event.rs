//! What others may hear of group purchases.

use crate::db::Event;
use entity::value::{Fen, GroupJoinId, GroupPurchaseId, OrganisationId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A unit's part was settled when a group purchase closed: it was ordered, or released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct GroupSettled {
    /// The group purchase.
    pub group: GroupPurchaseId,
    /// The part.
    pub join: GroupJoinId,
    /// Whose part it is.
    pub buyer: OrganisationId,
    /// What the group purchase is about.
    pub title: String,
    /// The price it came to; none when the part was released.
    pub reached_fen: Option<Fen>,
}

impl Event for GroupSettled {
    const TOPIC: &'static str = "group_purchase.settled";
    fn aggregate(&self) -> Uuid {
        self.group.uuid()
    }
}
