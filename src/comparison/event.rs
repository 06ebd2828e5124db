//! What others may hear of comparisons. It names the household and nobody in it.

use crate::db::Event;
use entity::value::{ComparisonFlagId, ComparisonId, ComparisonKind, HouseholdId, OrganisationId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Somebody found that what a department's file says of a household is so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComparisonConfirmed {
    /// The flag.
    pub flag: ComparisonFlagId,
    /// The file.
    pub comparison: ComparisonId,
    /// What the file lists.
    pub kind: ComparisonKind,
    /// The household.
    pub household: HouseholdId,
    /// Its village.
    pub village: OrganisationId,
    /// The office that had it compared.
    pub office: OrganisationId,
}

impl Event for ComparisonConfirmed {
    const TOPIC: &'static str = "comparison.confirmed";

    fn aggregate(&self) -> Uuid {
        self.flag.uuid()
    }
}
