//! Gaps as they are asked for.

use entity::value::OrganisationId;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// What is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
pub enum GapKind {
    /// Nobody is assigned to it (无帮扶责任人).
    #[serde(rename = "no_helper")]
    Helper,
    /// It has no plan for the year with a measure that was not given up (无帮扶措施).
    #[serde(rename = "no_plan")]
    Plan,
    /// Nobody was there in the year (本年未走访).
    #[serde(rename = "no_visit")]
    Visit,
}

/// Which gaps are wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GapQuery {
    /// What is not done; nobody assigned when not given.
    #[param(inline)]
    pub kind: Option<GapKind>,
    /// In which calendar year; this one when not given.
    #[param(minimum = 2000, maximum = 2199, example = 2026)]
    pub year: Option<i32>,
    /// Only of this village.
    pub village_id: Option<OrganisationId>,
    /// Only monitored households (true) or only those that are not (false).
    pub monitored: Option<bool>,
    /// How many at most: 1–100, 20 when not given.
    pub limit: Option<u64>,
    /// Where the page before ended.
    pub cursor: Option<String>,
}
