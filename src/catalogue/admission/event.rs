//! What others may hear of admissions.

use crate::db::Event;
use entity::value::{AdmissionId, AdmissionState, OrganisationId};
use uuid::Uuid;

/// A reviewer decided on an application.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AdmissionDecided {
    /// The application.
    pub admission: AdmissionId,
    /// Who applies.
    pub organisation: OrganisationId,
    /// Where it was.
    pub from: AdmissionState,
    /// Where it went: the next reviewer, admitted, or returned.
    pub to: AdmissionState,
}

impl Event for AdmissionDecided {
    const TOPIC: &'static str = "admission.decided";

    fn aggregate(&self) -> Uuid {
        self.admission.uuid()
    }
}
