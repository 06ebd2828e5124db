//! What others may hear of clues. It names the household by its identifier and nobody in it.

use crate::db::Event;
use chrono::NaiveDate;
use entity::value::{ClueId, ClueKind, HouseholdId, OrganisationId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A clue was opened: somebody is to look after a household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ClueOpened {
    /// The clue.
    pub clue: ClueId,
    /// The number people quote.
    pub number: String,
    /// The household.
    pub household: HouseholdId,
    /// Its village.
    pub village: OrganisationId,
    /// The county's office of rural revitalisation; none where none is entered.
    pub office: Option<OrganisationId>,
    /// What it is about.
    pub kind: ClueKind,
    /// Until when it is to be decided.
    pub due_on: NaiveDate,
}

impl Event for ClueOpened {
    const TOPIC: &'static str = "clue.opened";

    fn aggregate(&self) -> Uuid {
        self.clue.uuid()
    }
}
