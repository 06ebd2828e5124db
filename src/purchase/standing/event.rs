//! What others may hear of standing orders.

use crate::db::Event;
use chrono::NaiveDate;
use entity::value::{CallOffId, OrganisationId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The clock made a call-off that the buyer has to confirm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CallOffMade {
    /// The call-off.
    pub call_off: CallOffId,
    /// Who buys.
    pub buyer: OrganisationId,
    /// What the standing order is for.
    pub title: String,
    /// The day of its delivery.
    pub due_on: NaiveDate,
}

impl Event for CallOffMade {
    const TOPIC: &'static str = "standing_call_off.made";
    fn aggregate(&self) -> Uuid {
        self.call_off.uuid()
    }
}
