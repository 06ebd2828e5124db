//! Findings, tasks and what is computed of them.

use crate::household::view::HouseholdBrief;
use crate::http::Words;
use crate::organisation::OrganisationBrief;
use chrono::{DateTime, NaiveDate, Utc};
use entity::finding_rule;
use entity::value::{
    AreaCode, BasisPoints, FileId, FindingId, FindingRuleId, FindingRuleKind, FindingSource, HouseholdId,
    OrganisationId, PersonId, TaskState, TaskStep,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Something that was found.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFinding {
    /// Where it comes from.
    pub source: FindingSource,
    /// The paper it stands in.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "省2026年第一批巡查问题清单第12条")]
    pub paper: Words<200>,
    /// What was found; nobody's name or number.
    #[schema(value_type = String, min_length = 1, max_length = 1000, example = "该户帮扶措施未落实，半年内无走访记录。")]
    pub text: Words<1000>,
    /// The household it is about.
    #[serde(default)]
    pub household_id: Option<HouseholdId>,
    /// The organisation it is about: a village, a cooperative, an office; needed where no household is named.
    #[serde(default)]
    pub organisation_id: Option<OrganisationId>,
    /// The day it was found; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub found_on: NaiveDate,
}

/// What is to be done about a finding.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTask {
    /// What is to be done.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "核实该户情况，落实帮扶措施并走访一次。")]
    pub text: Words<500>,
    /// Which organisation does it, in your county.
    pub owner_id: OrganisationId,
    /// Who of it.
    #[schema(value_type = String, min_length = 1, max_length = 50, example = "龙支书")]
    pub responsible: Words<50>,
    /// Until when; not in the past.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub due_on: NaiveDate,
}

/// That a task is done, with what shows it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitTask {
    /// What was done.
    #[schema(value_type = String, min_length = 1, max_length = 1000, example = "已走访并新增产业帮扶措施一项。")]
    pub text: Words<1000>,
    /// What shows it: a file of yours.
    pub file_id: FileId,
}

/// What is said when a task is closed or returned.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SayToTask {
    /// What was looked at, or what is missing.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "已核对走访记录与措施台账。")]
    pub text: Words<500>,
}

/// Which findings are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FindingQuery {
    /// How many at most: 1–100, 20 when not given.
    pub limit: Option<u64>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Only from this source.
    pub source: Option<FindingSource>,
    /// Only about this household.
    pub household_id: Option<HouseholdId>,
    /// Only about this organisation.
    pub organisation_id: Option<OrganisationId>,
    /// Only those with a task of this organisation.
    pub owner_id: Option<OrganisationId>,
    /// Only those that are not closed (true) or are (false).
    pub open: Option<bool>,
    /// Only those with a task that is late.
    pub overdue: Option<bool>,
}

/// A step of a task.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TaskStepTaken {
    /// What was done.
    pub step: TaskStep,
    /// What was said.
    pub text: String,
    /// What shows it.
    pub file_id: Option<FileId>,
    /// For which organisation.
    pub organisation_id: OrganisationId,
    /// Who.
    pub taken_by: PersonId,
    /// When.
    pub taken_at: DateTime<Utc>,
}

/// What is done about a finding (整改任务).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FindingTask {
    /// Its number among the tasks of the finding.
    pub number: i32,
    /// What is to be done.
    pub text: String,
    /// Which organisation does it.
    pub owner: OrganisationBrief,
    /// Who of it.
    pub responsible: String,
    /// Until when.
    pub due_on: NaiveDate,
    /// Where it is.
    pub state: TaskState,
    /// Whether it is not closed and its day has passed.
    pub is_overdue: bool,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Its steps, oldest first.
    pub steps: Vec<TaskStepTaken>,
}

/// A finding in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Finding {
    /// Its identifier.
    pub id: FindingId,
    /// The number people quote.
    #[schema(example = "ZG20260302-00000001")]
    pub number: String,
    /// Where it comes from.
    pub source: FindingSource,
    /// The paper it stands in.
    pub paper: String,
    /// What was found.
    pub text: String,
    /// The county.
    pub county_code: AreaCode,
    /// The household it is about, masked; none for whoever only has a task of it.
    pub household: Option<HouseholdBrief>,
    /// The organisation it is about.
    pub organisation: Option<OrganisationBrief>,
    /// The day it was found.
    pub found_on: NaiveDate,
    /// The rule that entered it, where one did.
    pub rule_id: Option<FindingRuleId>,
    /// The figures that made it, where a rule entered it; none for whoever only has a task of it.
    #[schema(value_type = Option<Object>)]
    pub figures: Option<serde_json::Value>,
    /// How many tasks it has.
    pub tasks: i64,
    /// How many of them are closed.
    pub closed_tasks: i64,
    /// How many of them are late.
    pub overdue_tasks: i64,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Grows with every change.
    pub version: i64,
}

/// A finding with its tasks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FindingWithTasks {
    /// What the list shows of it.
    #[serde(flatten)]
    pub finding: Finding,
    /// Its tasks, in the order in which they were given.
    pub items: Vec<FindingTask>,
}

/// How a county stands with its findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CountyFindings {
    /// The county.
    pub county_code: AreaCode,
    /// Its name.
    pub county_name: String,
    /// Findings that are not closed.
    pub open_findings: i64,
    /// Findings without a task: nobody does anything about them.
    pub without_task: i64,
    /// Tasks that are not closed.
    pub open_tasks: i64,
    /// Of these, tasks whose day has passed.
    pub overdue_tasks: i64,
    /// Tasks that are closed.
    pub closed_tasks: i64,
}

/// The bulletin of findings (整改通报): the counties with the most late tasks first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RectificationBulletin {
    /// The day as of which tasks are late.
    pub as_of: NaiveDate,
    /// The counties in reach that have findings.
    pub items: Vec<CountyFindings>,
}

/// For which days something is computed.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QualityQuery {
    /// The first day on which cases were decided.
    #[serde(deserialize_with = "crate::http::text::day")]
    #[param(example = "2026-01-01")]
    pub from: NaiveDate,
    /// The last day.
    #[serde(deserialize_with = "crate::http::text::day")]
    #[param(example = "2026-12-31")]
    pub to: NaiveDate,
}

/// How well a county's households are identified, by decided cases.
///
/// Only cases count that somebody bore out or not at the household's home (入户核实) and that ended in the period, but for
/// those taken back. A household counts once, however many cases it had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CountyQuality {
    /// The county.
    pub county_code: AreaCode,
    /// Its name.
    pub county_name: String,
    /// Households that were not registered and that somebody checked: with a decided case of identification (新增识别).
    pub checked_households: i64,
    /// Of these, households that had been left out: the case took effect (漏评).
    pub omitted_households: i64,
    /// Omission rate (漏评率): `omitted_households` ÷ `checked_households`, in ten-thousandths, rounded half up; none where
    /// nobody was checked.
    pub omission_rate_bp: Option<BasisPoints>,
    /// Households that had left help – an exit or a risk removal took effect before – and that somebody checked again: with
    /// a decided case of return to poverty or of identification (返贫、新增识别).
    pub checked_exits: i64,
    /// Of these, households that need help again: the case took effect (错退).
    pub wrong_exits: i64,
    /// Wrong-exit rate (错退率): `wrong_exits` ÷ `checked_exits`, in ten-thousandths, rounded half up; none where nobody was
    /// checked.
    pub wrong_exit_rate_bp: Option<BasisPoints>,
}

/// How well households are identified (识别质量).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IdentificationQuality {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Where the figures come from.
    #[schema(example = "decided adjustment cases")]
    pub source: String,
    /// The counties in reach that had such cases.
    pub items: Vec<CountyQuality>,
}

/// What a county wants looked at by itself.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetFindingRule {
    /// Whether it is looked for.
    pub is_on: bool,
    /// For measures without effect: after how many months they should have had one, 1–36.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 36, example = 6)]
    pub months: Option<i32>,
    /// For clues: how many days beyond their day are let pass, 0–366; for visits: how many days of the year, or since the household was registered, 1–366.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 366)]
    pub days: Option<i32>,
    /// Why it is so.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "按县督查办法设定。")]
    pub reason: Words<500>,
}

/// What a county has looked at by itself, and enters as a finding (规则筛查设置).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FindingRule {
    /// The identifier of this version; none where it was never set.
    pub id: Option<FindingRuleId>,
    /// The county.
    pub county_code: AreaCode,
    /// What is looked for.
    pub kind: FindingRuleKind,
    /// Whether it is.
    pub is_on: bool,
    /// After how many months a measure should have had its effect.
    pub months: Option<i32>,
    /// How many days are let pass.
    pub days: Option<i32>,
    /// Why it is so.
    pub reason: Option<String>,
    /// Who set it.
    pub set_by: Option<PersonId>,
    /// When.
    pub created_at: Option<DateTime<Utc>>,
    /// Which version it is, which is what `If-Match` names; 0 where it was never set.
    pub version: i64,
}

impl FindingRule {
    /// One that was never set.
    pub(super) fn unset(county_code: AreaCode, kind: FindingRuleKind) -> Self {
        Self {
            id: None,
            county_code,
            kind,
            is_on: false,
            months: None,
            days: None,
            reason: None,
            set_by: None,
            created_at: None,
            version: 0,
        }
    }
}

impl From<finding_rule::Model> for FindingRule {
    fn from(row: finding_rule::Model) -> Self {
        let finding_rule::Model { id, county_code, kind, edition, is_on, months, days, reason, set_by, created_at } =
            row;
        Self {
            id: Some(id),
            county_code,
            kind,
            is_on,
            months,
            days,
            reason: Some(reason),
            set_by: Some(set_by),
            created_at: Some(created_at),
            version: i64::from(edition),
        }
    }
}

/// What a county has looked at by itself, kind by kind.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FindingRules {
    /// One a kind.
    pub items: Vec<FindingRule>,
}
