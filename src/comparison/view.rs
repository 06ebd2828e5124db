//! Comparisons and flags as they come in and go out.

use crate::household::view::HouseholdBrief;
use crate::http::Words;
use chrono::{DateTime, NaiveDate, Utc};
use entity::comparison;
use entity::value::{
    ComparisonFlagId, ComparisonFlagState, ComparisonId, ComparisonKind, HouseholdId, MemberId, PersonId,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What a file is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NewComparison {
    /// What it lists.
    pub kind: ComparisonKind,
    /// The department it comes from.
    #[param(value_type = String, min_length = 1, max_length = 100, example = "县公安局交警大队")]
    pub department: Words<100>,
    /// As of which day it lists it; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    #[param(example = "2026-02-28")]
    pub data_on: NaiveDate,
}

/// A file that was compared (部门比对).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DepartmentComparison {
    /// Its identifier.
    pub id: ComparisonId,
    /// What it listed.
    pub kind: ComparisonKind,
    /// The department it came from.
    pub department: String,
    /// As of which day.
    pub data_on: NaiveDate,
    /// Rows in it.
    pub total_rows: i32,
    /// Rows without a number that is one.
    pub bad_rows: i32,
    /// People of the register who stood in it.
    pub matched_people: i32,
    /// Of these, for whom a flag was raised: for the others one of the kind was open.
    pub flagged_people: i32,
    /// Who sent it, and does not decide its flags.
    pub uploaded_by: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl From<comparison::Model> for DepartmentComparison {
    fn from(row: comparison::Model) -> Self {
        let comparison::Model {
            id,
            kind,
            department,
            data_on,
            county_code: _,
            organisation_id: _,
            uploaded_by,
            total_rows,
            bad_rows,
            matched_people,
            flagged_people,
            created_at,
        } = row;
        Self {
            id,
            kind,
            department,
            data_on,
            total_rows,
            bad_rows,
            matched_people,
            flagged_people,
            uploaded_by,
            created_at,
        }
    }
}

/// Which flags are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ComparisonFlagQuery {
    /// How many at most: 1–100, 20 when not given.
    pub limit: Option<u64>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Only of this file.
    pub comparison_id: Option<ComparisonId>,
    /// Only of this household.
    pub household_id: Option<HouseholdId>,
    /// Only of this kind.
    pub kind: Option<ComparisonKind>,
    /// Only those with this outcome.
    pub state: Option<ComparisonFlagState>,
}

/// How a flag can be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlagOutcome {
    /// It is so (属实).
    Confirmed,
    /// It is not, or it does not matter (不属实或已排除).
    Dismissed,
}

/// The decision about a flag.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideComparisonFlag {
    /// What is found.
    pub outcome: FlagOutcome,
    /// Why.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "农用三轮车，不影响识别条件。")]
    pub reason: Words<500>,
}

/// A person of the register who stands in a department's file (比对疑点).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ComparisonFlag {
    /// Its identifier.
    pub id: ComparisonFlagId,
    /// The file.
    pub comparison_id: ComparisonId,
    /// What it lists.
    pub kind: ComparisonKind,
    /// The household, masked.
    pub household: HouseholdBrief,
    /// Who of it.
    pub member_id: MemberId,
    /// Their name, masked.
    #[schema(example = "杨**")]
    pub member_name: String,
    /// What the file says beside.
    #[schema(example = "车牌号：贵JA1234；车辆类型：轻型货车")]
    pub detail: Option<String>,
    /// What became of it.
    pub state: ComparisonFlagState,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why.
    pub reason: Option<String>,
    /// When it was raised.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}
