//! What comes in and goes out about help.

use crate::household::view::HouseholdBrief;
use chrono::{DateTime, NaiveDate, Utc};
use entity::help_record;
use entity::value::{FileId, HelpKind, HelpRecordId, HouseholdId, OrganisationId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Help that was given. It has no amount, and none can be sent.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordHelp {
    /// The household's national number (户编号).
    #[schema(example = "522625010100017")]
    pub household_number: String,
    /// What it was.
    pub kind: HelpKind,
    /// When; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub given_on: NaiveDate,
    /// What was taught or given, in 2–500 characters.
    #[schema(min_length = 2, max_length = 500, example = "水稻病虫害防治培训半天")]
    pub content: String,
    /// How many people of the household took part.
    #[schema(minimum = 1, maximum = 50, example = 1)]
    pub people: i32,
    /// A list with signatures, a photograph.
    #[serde(default)]
    pub evidence_file_id: Option<FileId>,
}

/// Which records of help to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HelpQuery {
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
    /// Only of this kind.
    pub kind: Option<HelpKind>,
    /// Only for this household.
    pub household_id: Option<HouseholdId>,
}

/// Help that was given (帮扶记录). It carries no income.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HelpRecord {
    /// Its identifier.
    pub id: HelpRecordId,
    /// Who gave it.
    pub supplier_id: OrganisationId,
    /// The household, masked.
    pub household: Option<HouseholdBrief>,
    /// What it was.
    pub kind: HelpKind,
    /// When.
    pub given_on: NaiveDate,
    /// What was taught or given.
    #[schema(example = "水稻病虫害防治培训半天")]
    pub content: String,
    /// How many people of the household took part.
    #[schema(example = 1)]
    pub people: i32,
    /// The evidence.
    pub evidence_file_id: Option<FileId>,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
}

impl HelpRecord {
    pub(super) fn of(row: help_record::Model, household: Option<HouseholdBrief>) -> Self {
        let help_record::Model {
            id,
            supplier_id,
            household_id: _,
            kind,
            given_on,
            content,
            people,
            evidence_file_id,
            recorded_by: _,
            created_at,
        } = row;
        Self { id, supplier_id, household, kind, given_on, content, people, evidence_file_id, created_at }
    }
}
