//! Plans as they come in and go out.

use crate::household::view::HouseholdBrief;
use crate::http::Words;
use chrono::{DateTime, NaiveDate, Utc};
use entity::help_plan_item;
use entity::value::{
    Fen, FileId, HelpPlanId, HouseholdId, MeasureKind, OrganisationId, PersonId, PlannedState, RiskCause,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A need, the measure that answers it, who does it, and the target until a day.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlanItem {
    /// What is needed (需求清单).
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "缺发展资金和技术")]
    pub need: Words<200>,
    /// What kind of help.
    pub kind: MeasureKind,
    /// What is done (措施清单).
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "发放仔猪两头并安排技术员指导")]
    pub measure: Words<500>,
    /// What it costs, in fen, where it costs anything.
    #[serde(default)]
    pub amount_fen: Option<Fen>,
    /// Who does it (责任清单).
    #[schema(value_type = String, min_length = 1, max_length = 50, example = "吴秀英（帮扶干部）")]
    pub responsible: Words<50>,
    /// For which unit.
    #[serde(default)]
    pub unit_id: Option<OrganisationId>,
    /// What is to be reached (目标清单).
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "年内出栏两头，增收五千元")]
    pub target: Words<200>,
    /// Until when (时限清单); not in the past.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub due_on: NaiveDate,
}

/// A plan for a household and a year.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHelpPlan {
    /// For whom.
    pub household_id: HouseholdId,
    /// For which year: this one or the next.
    #[schema(minimum = 2000, maximum = 2199, example = 2026)]
    pub year: i32,
    /// What brought the household into hardship (致贫返贫原因).
    pub cause: RiskCause,
    /// How it is there, in words.
    #[schema(value_type = String, min_length = 1, max_length = 1000, example = "主要劳动力患慢性病，两个孩子在读。")]
    pub situation: Words<1000>,
    /// Its items.
    #[schema(min_items = 1, max_items = 30)]
    pub items: Vec<NewPlanItem>,
}

/// How a measure came along.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProgress {
    /// The day it is about; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub on_date: NaiveDate,
    /// What was done, or why it is given up.
    #[schema(value_type = String, min_length = 1, max_length = 1000, example = "仔猪已发放到户")]
    pub text: Words<1000>,
    /// Where the measure is since: still open, done or dropped.
    pub state: PlannedState,
    /// What shows it: a file of yours; needed when it is done.
    #[serde(default)]
    pub file_id: Option<FileId>,
}

/// Which plans are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HelpPlanQuery {
    /// How many at most: 1–100, 20 when not given.
    pub limit: Option<u64>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Only of this household.
    pub household_id: Option<HouseholdId>,
    /// Only for this year.
    #[param(minimum = 2000, maximum = 2199, example = 2026)]
    pub year: Option<i32>,
    /// Only those with an open measure whose day has passed.
    pub overdue: Option<bool>,
}

/// How a measure came along, as it was entered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlannedProgress {
    /// The day it is about.
    pub on_date: NaiveDate,
    /// What was done, or why it was given up.
    pub text: String,
    /// Where the measure was since.
    pub state: PlannedState,
    /// What shows it.
    pub file_id: Option<FileId>,
    /// Who says so.
    pub entered_by: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// An item of a plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlanItem {
    /// Its number in the plan.
    pub number: i32,
    /// What is needed.
    pub need: String,
    /// What kind of help.
    pub kind: MeasureKind,
    /// What is done.
    pub measure: String,
    /// What it costs, in fen.
    pub amount_fen: Option<Fen>,
    /// Who does it.
    pub responsible: String,
    /// For which unit.
    pub unit_id: Option<OrganisationId>,
    /// What is to be reached.
    pub target: String,
    /// Until when.
    pub due_on: NaiveDate,
    /// Where it is.
    pub state: PlannedState,
    /// When it was done or dropped.
    pub ended_on: Option<NaiveDate>,
    /// Whether it is open and its day has passed.
    pub is_overdue: bool,
    /// How it came along, oldest first.
    pub progress: Vec<PlannedProgress>,
}

/// The four lists of a plan (需求、措施、责任、目标时限清单), each in the order of the items.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FourLists {
    /// What is needed.
    pub needs: Vec<String>,
    /// What is done.
    pub measures: Vec<String>,
    /// Who does it.
    pub responsibilities: Vec<String>,
    /// What is to be reached, each with its day.
    pub targets: Vec<String>,
}

impl FourLists {
    /// The lists that these items are.
    pub(super) fn of(items: &[help_plan_item::Model]) -> Self {
        let column = |text: fn(&help_plan_item::Model) -> String| items.iter().map(text).collect();
        Self {
            needs: column(|item| item.need.clone()),
            measures: column(|item| item.measure.clone()),
            responsibilities: column(|item| item.responsible.clone()),
            targets: column(|item| format!("{}（{} 前）", item.target, item.due_on)),
        }
    }
}

/// A plan in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HelpPlan {
    /// Its identifier.
    pub id: HelpPlanId,
    /// For whom, masked.
    pub household: HouseholdBrief,
    /// For which year.
    pub year: i32,
    /// What brought the household into hardship.
    pub cause: RiskCause,
    /// How many measures it has.
    pub measures: i64,
    /// How many of them are done.
    pub done: i64,
    /// How many are open and late.
    pub overdue: i64,
    /// Who made it.
    pub made_by: PersonId,
    /// For which organisation.
    pub organisation_id: OrganisationId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

/// A plan with everything in it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HelpPlanWithItems {
    /// What the list shows of it.
    #[serde(flatten)]
    pub plan: HelpPlan,
    /// How it is there, in words.
    pub situation: String,
    /// Its items.
    pub items: Vec<PlanItem>,
    /// The same as the four lists.
    pub lists: FourLists,
}
