//! Unit assignments as they come in and go out.

use crate::http::Words;
use crate::organisation::OrganisationBrief;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{OrganisationId, UnitAssignmentId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A unit for a village.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignUnit {
    /// The unit.
    pub unit_id: OrganisationId,
    /// The village committee, in your county.
    pub village_id: OrganisationId,
    /// The first day; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub from_date: NaiveDate,
    /// The document it follows from.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "2026年定点帮扶工作方案")]
    pub source: Words<200>,
}

/// The end of a unit assignment.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndUnitAssignment {
    /// The last day; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub until_date: NaiveDate,
    /// Why it ends.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "定点帮扶关系调整")]
    pub reason: Words<200>,
}

/// Which unit assignments are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UnitAssignmentQuery {
    /// How many at most: 1–100, 20 when not given.
    pub limit: Option<u64>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Only of this village.
    pub village_id: Option<OrganisationId>,
    /// Only of this unit.
    pub unit_id: Option<OrganisationId>,
    /// Only those that last (true) or have ended (false).
    pub open: Option<bool>,
}

/// A unit that stands by a village (单位包村关系).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitAssignment {
    /// Its identifier.
    pub id: UnitAssignmentId,
    /// The unit.
    pub unit: OrganisationBrief,
    /// The village committee.
    pub village: OrganisationBrief,
    /// The first day.
    pub from_date: NaiveDate,
    /// The last day; none while it lasts.
    pub until_date: Option<NaiveDate>,
    /// The document it follows from.
    pub source: String,
    /// Why it ended.
    pub end_reason: Option<String>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}
