//! Measures as they come in and go out.

use crate::household::view::HouseholdBrief;
use crate::http::Words;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    Fen, FileId, HouseholdId, MeasureId, MeasureKind, MeasureState, OrganisationId, PersonId, RiskCause,
};
use entity::{measure, measure_step};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What is done for a monitored household (帮扶措施).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterMeasure {
    /// The risk it is against.
    pub risk: RiskCause,
    /// What kind of help.
    pub kind: MeasureKind,
    /// What is done.
    #[schema(value_type = String, min_length = 1, max_length = 1000, example = "协调合作社兑付拖欠的收购款，并安排季节性务工。")]
    pub content: Words<1000>,
    /// What it costs, where it costs anything.
    #[serde(default)]
    pub amount_fen: Option<Fen>,
    /// The day it begins, not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub begun_on: NaiveDate,
    /// Until when it is to be done.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub due_on: NaiveDate,
    /// Who answers for it.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "驻村第一书记")]
    pub responsible: Words<100>,
}

/// How a measure goes on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeasureProgress {
    /// What was done.
    #[schema(value_type = String, min_length = 1, max_length = 1000, example = "已与合作社约定兑付日期。")]
    pub text: Words<1000>,
    /// What shows it, a file of your organisation.
    #[serde(default)]
    pub evidence_file_id: Option<FileId>,
}

/// How a measure ended.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishMeasure {
    /// Done, which needs something that shows it; or given up.
    pub is_done: bool,
    /// What came of it.
    #[schema(value_type = String, min_length = 1, max_length = 1000, example = "拖欠款已全部到户。")]
    pub text: Words<1000>,
    /// What shows it, a file of your organisation.
    #[serde(default)]
    pub evidence_file_id: Option<FileId>,
}

/// Which measures are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MeasureQuery {
    /// Only those in this state.
    pub state: Option<MeasureState>,
    /// Only those of this household.
    pub household_id: Option<HouseholdId>,
    /// Only those of this village.
    pub village_id: Option<OrganisationId>,
    /// Only those that are late (true), or are not (false).
    pub overdue: Option<bool>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// What is done for a household at risk (帮扶措施).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Measure {
    /// Its identifier.
    pub id: MeasureId,
    /// The household, masked.
    pub household: HouseholdBrief,
    /// The risk it is against.
    pub risk: RiskCause,
    /// What kind of help.
    pub kind: MeasureKind,
    /// What is done.
    pub content: String,
    /// What it costs.
    pub amount_fen: Option<Fen>,
    /// The day it began.
    pub begun_on: NaiveDate,
    /// Until when it is to be done.
    pub due_on: NaiveDate,
    /// Whether it is late.
    pub is_overdue: bool,
    /// Who answers for it.
    pub responsible: String,
    /// The rolling reference income per head on the day it was entered.
    pub reference_fen: Option<i64>,
    /// Where it is.
    pub state: MeasureState,
    /// The day it was done or given up.
    pub closed_on: Option<NaiveDate>,
    /// What shows that it was done.
    pub evidence_file_id: Option<FileId>,
    /// Who entered it.
    pub entered_by: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Grows with every step.
    pub version: i64,
}

impl Measure {
    /// A measure with its household, as it stands on a day.
    pub(in crate::monitoring) fn of(row: measure::Model, household: HouseholdBrief, today: NaiveDate) -> Self {
        let measure::Model {
            id,
            risk,
            kind,
            content,
            amount_fen,
            begun_on,
            due_on,
            responsible,
            reference_fen,
            state,
            closed_on,
            evidence_file_id,
            entered_by,
            created_at,
            version,
            household_id: _,
            county_code: _,
            village_id: _,
            organisation_id: _,
        } = row;
        let is_overdue = state == MeasureState::Running && due_on < today;
        Self {
            household,
            is_overdue,
            id,
            risk,
            kind,
            content,
            amount_fen,
            begun_on,
            due_on,
            responsible,
            reference_fen,
            state,
            closed_on,
            evidence_file_id,
            entered_by,
            created_at,
            version,
        }
    }
}

/// A step of a measure.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MeasureStep {
    /// 1, 2, 3 …
    pub number: i32,
    /// Where it was then.
    pub to_state: MeasureState,
    /// What was done.
    pub text: String,
    /// What shows it.
    pub evidence_file_id: Option<FileId>,
    /// Who entered it.
    pub taken_by: PersonId,
    /// When.
    pub taken_at: DateTime<Utc>,
}

impl From<measure_step::Model> for MeasureStep {
    fn from(row: measure_step::Model) -> Self {
        let measure_step::Model { number, to_state, text, evidence_file_id, taken_by, taken_at, measure_id: _ } = row;
        Self { number, to_state, text, evidence_file_id, taken_by, taken_at }
    }
}

/// A measure with how it went on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MeasureWithSteps {
    /// The measure.
    #[serde(flatten)]
    pub measure: Measure,
    /// Its steps, first to last.
    pub steps: Vec<MeasureStep>,
}
