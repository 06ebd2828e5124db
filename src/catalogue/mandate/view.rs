//! What comes in and goes out about mandates.

use chrono::{DateTime, NaiveDate, Utc};
use entity::mandate;
use entity::value::{FileId, MandateId, MandateState, OrganisationId, ProductId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A mandate that an agent claims to have.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeMandate {
    /// The principal, when it is known here: it confirms.
    pub principal_id: Option<OrganisationId>,
    /// The principal's name, when it is not known here: the platform confirms on the paper.
    #[schema(max_length = 200, example = "石阡县苔茶专业合作社")]
    pub principal_name: Option<String>,
    /// The paper: an uploaded file of the agent; required when the principal is not known here.
    pub evidence_file_id: Option<FileId>,
    /// The first day.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub valid_from: NaiveDate,
    /// The last day.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub valid_to: NaiveDate,
}

/// Which mandates a list shows, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListMandates {
    /// Only those in this state.
    pub state: Option<MandateState>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// A mandate (代理授权).
#[derive(Debug, Serialize, ToSchema)]
pub struct Mandate {
    /// Its identifier.
    pub id: MandateId,
    /// Who sells.
    pub agent_id: OrganisationId,
    /// For whom, when the principal is known here.
    pub principal_id: Option<OrganisationId>,
    /// The principal's name.
    #[schema(example = "石阡县苔茶专业合作社")]
    pub principal_name: String,
    /// What.
    pub product_id: ProductId,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The last day.
    pub valid_to: NaiveDate,
    /// The paper that shows it.
    pub evidence_file_id: Option<FileId>,
    /// Where it is.
    pub state: MandateState,
    /// When it was confirmed or ended.
    pub decided_at: Option<DateTime<Utc>>,
    /// When it was proposed.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

impl From<mandate::Model> for Mandate {
    fn from(row: mandate::Model) -> Self {
        let mandate::Model {
            id,
            agent_id,
            principal_id,
            principal_name,
            product_id,
            valid_from,
            valid_to,
            evidence_file_id,
            state,
            decided_by: _,
            decided_at,
            created_by: _,
            created_at,
            version,
        } = row;
        Self {
            id,
            agent_id,
            principal_id,
            principal_name,
            product_id,
            valid_from,
            valid_to,
            evidence_file_id,
            state,
            decided_at,
            created_at,
            version,
        }
    }
}
