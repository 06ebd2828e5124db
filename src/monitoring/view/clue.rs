//! Clues as they come in and go out.

use crate::household::view::HouseholdBrief;
use crate::http::Words;
use crate::monitoring::{MonitoringError, due_on};
use chrono::{DateTime, NaiveDate, Utc};
use entity::monitoring_clue;
use entity::value::{
    AdjustmentId, AreaCode, ClueId, ClueKind, ClueState, HouseholdId, HouseholdStatusKind, MeasureId, MonitoringRuleId,
    OrganisationId, PersonId, RiskCause,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which clues are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ClueQuery {
    /// Only those in this state.
    pub state: Option<ClueState>,
    /// Only those about this.
    pub kind: Option<ClueKind>,
    /// Only those about this household.
    pub household_id: Option<HouseholdId>,
    /// Only those of this village.
    pub village_id: Option<OrganisationId>,
    /// Only those that wait though their day has passed (true), or all others (false).
    pub overdue: Option<bool>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// How a clue is taken up. About a household that is not monitored it becomes a case: the one that is open, or one that is opened here. A monitored household gets a measure.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeUpClue {
    /// What was seen; it begins the case.
    #[schema(value_type = String, min_length = 1, max_length = 2000, example = "合作社拖欠收购款已逾两月，家庭无其他收入。")]
    pub text: Words<2000>,
    /// What the household is to be, where a case is opened.
    #[serde(default)]
    pub status: Option<HouseholdStatusKind>,
    /// What brought it there, where a case is opened.
    #[serde(default)]
    pub cause: Option<RiskCause>,
    /// The measure under way that answers it, where the household is monitored.
    #[serde(default)]
    pub measure_id: Option<MeasureId>,
}

/// Why a clue is nothing.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskDismissal {
    /// In words.
    #[schema(value_type = String, min_length = 1, max_length = 2000, example = "入户核实，收购款已以现金结清，凭证已补录。")]
    pub reason: Words<2000>,
}

/// Whether somebody else agrees.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideDismissal {
    /// Agreed: the clue is nothing. Otherwise it is open again.
    pub is_agreed: bool,
    /// Why.
    #[schema(value_type = String, min_length = 1, max_length = 2000, example = "情况属实，同意排除。")]
    pub text: Words<2000>,
}

/// A clue that a household may be at risk (预警线索).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Clue {
    /// Its identifier.
    pub id: ClueId,
    /// The number people quote.
    #[schema(example = "YJ20260302-1A2B3C4D5E6F")]
    pub number: String,
    /// The household, masked.
    pub household: HouseholdBrief,
    /// Its county.
    pub county_code: AreaCode,
    /// The rule that gave it; none for a flagged comparison.
    pub rule_id: Option<MonitoringRuleId>,
    /// What it is about.
    pub kind: ClueKind,
    /// The figures that made it, with their sources.
    #[schema(value_type = Object)]
    pub figures: serde_json::Value,
    /// The day.
    pub opened_on: NaiveDate,
    /// Until when it is to be decided.
    pub due_on: NaiveDate,
    /// Where it is.
    pub state: ClueState,
    /// The day it was taken up, or two people held it to be nothing.
    pub answered_on: Option<NaiveDate>,
    /// Who holds that it is nothing.
    pub asked_by: Option<PersonId>,
    /// When they said so.
    pub asked_at: Option<DateTime<Utc>>,
    /// Why.
    pub asked_reason: Option<String>,
    /// Who agreed.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why.
    pub decision: Option<String>,
    /// The case that answers it.
    pub adjustment_id: Option<AdjustmentId>,
    /// The measure that answers it.
    pub measure_id: Option<MeasureId>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// Grows with every step.
    pub version: i64,
}

impl Clue {
    /// A clue with its household.
    pub(in crate::monitoring) fn of(
        row: monitoring_clue::Model,
        household: HouseholdBrief,
    ) -> Result<Self, MonitoringError> {
        let monitoring_clue::Model {
            id,
            number,
            county_code,
            rule_id,
            kind,
            figures,
            opened_on,
            state,
            answered_on,
            asked_by,
            asked_at,
            asked_reason,
            decided_by,
            decided_at,
            decision,
            adjustment_id,
            measure_id,
            created_at,
            version,
            household_id: _,
            village_id: _,
        } = row;
        let figures = serde_json::from_str(&figures)?;
        Ok(Self {
            household,
            id,
            number,
            county_code,
            rule_id,
            kind,
            figures,
            opened_on,
            due_on: due_on(opened_on)?,
            state,
            answered_on,
            asked_by,
            asked_at,
            asked_reason,
            decided_by,
            decided_at,
            decision,
            adjustment_id,
            measure_id,
            created_at,
            version,
        })
    }
}
