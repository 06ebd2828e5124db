//! What others may hear of admissions.

use crate::db::Event;
use chrono::NaiveDate;
use entity::value::{AdmissionId, AdmissionState, OrganisationId};
use uuid::Uuid;

/// A reviewer decided on an application.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
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

/// A paper ends soon, or has ended: a supplier's own, or one of its products'.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct CredentialEnding {
    /// Whose.
    pub organisation: OrganisationId,
    /// What, in Chinese: the kind of paper, and the product where it belongs to one.
    pub paper: String,
    /// Its number.
    pub number: Option<String>,
    /// The last day.
    pub valid_to: NaiveDate,
    /// The warning that is given: 90, 30 or 7 days before; nothing when it is over and what rests on it is held back.
    pub warning_days: Option<i32>,
}

impl Event for CredentialEnding {
    const TOPIC: &'static str = "credential.ending";

    fn aggregate(&self) -> Uuid {
        self.organisation.uuid()
    }
}
