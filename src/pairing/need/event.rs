//! What others may hear of needs.

use crate::db::Event;
use entity::value::{AreaCode, NeedKind, OrganisationId, VillageNeedId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A village published what it needs (村需求已发布).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NeedPublished {
    /// The need.
    pub need: VillageNeedId,
    /// The village committee.
    pub village: OrganisationId,
    /// The county.
    pub county: AreaCode,
    /// What kind of need.
    pub kind: NeedKind,
    /// It in a line.
    pub title: String,
}

impl Event for NeedPublished {
    const TOPIC: &'static str = "need.published";
    fn aggregate(&self) -> Uuid {
        self.need.uuid()
    }
}

/// Somebody took on what a village needs (村需求已认领).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NeedClaimed {
    /// The need.
    pub need: VillageNeedId,
    /// The village committee.
    pub village: OrganisationId,
    /// The organisation that took it on, or through which somebody did in person.
    pub claimant: OrganisationId,
    /// Whether it was taken on in person.
    pub is_in_person: bool,
}

impl Event for NeedClaimed {
    const TOPIC: &'static str = "need.claimed";
    fn aggregate(&self) -> Uuid {
        self.need.uuid()
    }
}

/// What a village needs was delivered and waits for its confirmation (村需求已交付).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NeedDelivered {
    /// The need.
    pub need: VillageNeedId,
    /// The village committee.
    pub village: OrganisationId,
    /// The organisation that took it on, or through which somebody did in person.
    pub claimant: OrganisationId,
}

impl Event for NeedDelivered {
    const TOPIC: &'static str = "need.delivered";
    fn aggregate(&self) -> Uuid {
        self.need.uuid()
    }
}

/// The village confirmed that what it needs came (村需求已确认).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NeedFulfilled {
    /// The need.
    pub need: VillageNeedId,
    /// The village committee.
    pub village: OrganisationId,
    /// The organisation that took it on, or through which somebody did in person.
    pub claimant: OrganisationId,
}

impl Event for NeedFulfilled {
    const TOPIC: &'static str = "need.fulfilled";
    fn aggregate(&self) -> Uuid {
        self.need.uuid()
    }
}
