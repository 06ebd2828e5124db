//! What others may hear of disputes. Nothing here tells whose dispute it is.

use crate::db::Event;
use chrono::NaiveDate;
use entity::value::{DisputeId, OrganisationId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A household says that an entry is wrong: its cooperative answers, the county sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DisputeRaised {
    /// The dispute.
    pub dispute: DisputeId,
    /// The number people quote.
    pub number: String,
    /// Who answers.
    pub supplier: OrganisationId,
    /// The county's office of rural revitalisation; the supplier where the county has none.
    pub office: OrganisationId,
    /// Until when the answer is due.
    pub due_on: NaiveDate,
}

impl Event for DisputeRaised {
    const TOPIC: &'static str = "dispute.raised";

    fn aggregate(&self) -> Uuid {
        self.dispute.uuid()
    }
}
