//! Rules and their trials as they come in and go out.

use crate::http::Words;
use crate::monitoring::MonitoringError;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    AdjustmentId, AdjustmentKind, AreaCode, ClueKind, Fen, MonitoringRuleId, MonitoringRuleState, MonitoringTrialId,
    PersonId,
};
use entity::{adjustment, monitoring_rule, monitoring_trial};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A rule that is to watch over the county's households. Which numbers it has follows from its kind.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftRule {
    /// What it looks at; not a flagged comparison, which gives its clue without a rule.
    pub kind: ClueKind,
    /// Hundredths: by how much an income may stand above the threshold (0–100), fall (1–99), or of what share of the net income spending is a shock (1–1000).
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1000, example = 10)]
    pub percent: Option<i32>,
    /// From which amount spending is a shock.
    #[serde(default)]
    pub amount_fen: Option<Fen>,
    /// For how many days something is owed, how far back news count, or after how many days without a measure.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 366)]
    pub days: Option<i32>,
    /// After how many months a measure should have had its effect.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 36)]
    pub months: Option<i32>,
    /// For how many days after a clue it gives no other one about the same household; 90 when not given.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 366, example = 90)]
    pub quiet_days: Option<i32>,
    /// The rule of the same kind whose next version it is; it is switched off when this one is switched on.
    #[serde(default)]
    pub replaces_id: Option<MonitoringRuleId>,
    /// Why it is as it is.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "按省级防返贫监测要求设定。")]
    pub reason: Words<500>,
}

/// Over which days a rule is tried.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TryRule {
    /// The first day.
    #[serde(deserialize_with = "crate::http::text::day")]
    #[schema(example = "2025-03-01")]
    pub from_on: NaiveDate,
    /// The last day, not in the future; three years at the most.
    #[serde(deserialize_with = "crate::http::text::day")]
    #[schema(example = "2026-03-01")]
    pub to_on: NaiveDate,
}

/// Which rules are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RuleQuery {
    /// Only those in this state.
    pub state: Option<MonitoringRuleState>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// A rule that watches over the households of a county (监测规则).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MonitoringRule {
    /// Its identifier.
    pub id: MonitoringRuleId,
    /// The county.
    pub county_code: AreaCode,
    /// What it looks at.
    pub kind: ClueKind,
    /// Which version it is.
    pub edition: i32,
    /// The version before.
    pub replaces_id: Option<MonitoringRuleId>,
    /// Its share in hundredths.
    pub percent: Option<i32>,
    /// Its amount.
    pub amount_fen: Option<Fen>,
    /// Its days.
    pub days: Option<i32>,
    /// Its months.
    pub months: Option<i32>,
    /// For how many days after a clue it gives no other one about the same household.
    pub quiet_days: i32,
    /// Why it is as it is.
    pub reason: String,
    /// Whether it watches.
    pub state: MonitoringRuleState,
    /// Who wrote it down.
    pub drafted_by: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Who switched it on.
    pub switched_on_by: Option<PersonId>,
    /// When.
    pub switched_on_at: Option<DateTime<Utc>>,
    /// Who switched it off.
    pub switched_off_by: Option<PersonId>,
    /// When.
    pub switched_off_at: Option<DateTime<Utc>>,
    /// Grows with every change.
    pub version: i64,
}

impl From<monitoring_rule::Model> for MonitoringRule {
    fn from(row: monitoring_rule::Model) -> Self {
        let monitoring_rule::Model {
            id,
            county_code,
            kind,
            edition,
            replaces_id,
            percent,
            amount_fen,
            days,
            months,
            quiet_days,
            reason,
            state,
            drafted_by,
            created_at,
            switched_on_by,
            switched_on_at,
            switched_off_by,
            switched_off_at,
            version,
        } = row;
        Self {
            id,
            county_code,
            kind,
            edition,
            replaces_id,
            percent,
            amount_fen,
            days,
            months,
            quiet_days,
            reason,
            state,
            drafted_by,
            created_at,
            switched_on_by,
            switched_on_at,
            switched_off_by,
            switched_off_at,
            version,
        }
    }
}

/// A known case, and whether a rule would have seen it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TriedCase {
    /// The case.
    pub adjustment_id: AdjustmentId,
    /// The number people quote.
    pub number: String,
    /// What kind of case.
    pub kind: AdjustmentKind,
    /// The day it was entered.
    pub opened_on: NaiveDate,
    /// The day, not after that, on which the rule would have given a clue; none where it would not have.
    pub caught_on: Option<NaiveDate>,
}

impl TriedCase {
    /// A case, with the day on which it would have been caught.
    pub(in crate::monitoring) fn of(known: &adjustment::Model, caught_on: Option<NaiveDate>) -> Self {
        Self {
            adjustment_id: known.id,
            number: known.number.clone(),
            kind: known.kind,
            opened_on: known.opened_on,
            caught_on,
        }
    }
}

/// What a rule would have found in the past (规则试算).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MonitoringTrial {
    /// Its identifier.
    pub id: MonitoringTrialId,
    /// The first day.
    pub from_on: NaiveDate,
    /// The last day.
    pub to_on: NaiveDate,
    /// On how many days it looked at every household: the last of each month, and the last of all.
    pub looks: i32,
    /// At how many households.
    pub households: i64,
    /// How many clues it would have given.
    pub clues: i64,
    /// How many known cases it would have caught before they were entered.
    pub caught: i32,
    /// How many it would not have.
    pub missed: i32,
    /// Those cases, the oldest first.
    pub cases: Vec<TriedCase>,
    /// Who tried it.
    pub tried_by: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl TryFrom<monitoring_trial::Model> for MonitoringTrial {
    type Error = MonitoringError;

    fn try_from(row: monitoring_trial::Model) -> Result<Self, MonitoringError> {
        let monitoring_trial::Model {
            id,
            rule_id: _,
            from_on,
            to_on,
            looks,
            households,
            clues,
            caught,
            missed,
            cases,
            tried_by,
            created_at,
        } = row;
        let cases = serde_json::from_str(&cases)?;
        Ok(Self { id, from_on, to_on, looks, households, clues, caught, missed, cases, tried_by, created_at })
    }
}

/// A rule with what it would have found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MonitoringRuleWithTrials {
    /// The rule.
    #[serde(flatten)]
    pub rule: MonitoringRule,
    /// Its trials, newest first; twenty at the most.
    pub trials: Vec<MonitoringTrial>,
}
