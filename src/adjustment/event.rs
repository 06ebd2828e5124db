//! What others may hear of cases. Nothing here tells who a case is about but the household's identifier.

use crate::db::Event;
use entity::value::{AdjustmentId, AdjustmentKind, AdjustmentState, HouseholdId, OrganisationId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Somebody objected while a case was publicised: its clocks stand still until that is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AdjustmentObjected {
    /// The case.
    pub adjustment: AdjustmentId,
    /// The number people quote.
    pub number: String,
    /// The village it runs in.
    pub village: OrganisationId,
    /// The county's office of rural revitalisation.
    pub office: OrganisationId,
}

impl Event for AdjustmentObjected {
    const TOPIC: &'static str = "adjustment.objected";

    fn aggregate(&self) -> Uuid {
        self.adjustment.uuid()
    }
}

/// A case is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AdjustmentDecided {
    /// The case.
    pub adjustment: AdjustmentId,
    /// The number people quote.
    pub number: String,
    /// The village it ran in.
    pub village: OrganisationId,
    /// What kind of change.
    pub kind: AdjustmentKind,
    /// How it ended.
    pub outcome: AdjustmentState,
    /// The household, where it is in the register.
    pub household: Option<HouseholdId>,
}

impl Event for AdjustmentDecided {
    const TOPIC: &'static str = "adjustment.decided";

    fn aggregate(&self) -> Uuid {
        self.adjustment.uuid()
    }
}
