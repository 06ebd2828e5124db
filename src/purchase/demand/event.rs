//! What others may hear of demands. No amounts: an event is read by many.

use crate::db::Event;
use entity::value::{DemandId, OrganisationId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A demand was published to suppliers who are invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DemandPublished {
    /// The demand.
    pub demand: DemandId,
    /// Who wants to buy.
    pub buyer: OrganisationId,
    /// What it is about.
    pub title: String,
    /// Who is invited; nobody in particular where all are.
    pub invited: Vec<OrganisationId>,
}

impl Event for DemandPublished {
    const TOPIC: &'static str = "demand.published";
    fn aggregate(&self) -> Uuid {
        self.demand.uuid()
    }
}

/// A demand was decided: awarded, failed or called off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DemandDecided {
    /// The demand.
    pub demand: DemandId,
    /// What it is about.
    pub title: String,
    /// Who had it; none where nobody did.
    pub winner: Option<OrganisationId>,
    /// Who handed in a quotation.
    pub suppliers: Vec<OrganisationId>,
    /// Counts the decisions: an award may be made again.
    pub version: i64,
}

impl Event for DemandDecided {
    const TOPIC: &'static str = "demand.decided";
    fn aggregate(&self) -> Uuid {
        self.demand.uuid()
    }
}
