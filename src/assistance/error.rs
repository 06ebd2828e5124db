//! Everything that can go wrong with help, and the problem each one is.

use crate::access::AccessError;
use crate::document::DocumentError;
use crate::household::HouseholdError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem, Text};
use sea_orm::DbErr;

problem::kinds! {
    PLAN_EXISTS = 409 "help_plan_exists", "该户当年已有帮扶计划", "The household has a plan for the year",
        "请在已有计划中补充措施（POST /api/v1/help-plans/{id}/items）。",
        "Add to the plan that is there (POST /api/v1/help-plans/{id}/items).";
    UNIT_UNFIT = 422 "unit_unfit", "该单位不能包村", "Such an organisation does not stand by a village",
        "包村单位应为预算单位、企业、乡镇或县级部门，且在用。",
        "It is a budget unit, an enterprise, a township or an office, and active.";
}

/// Why help was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum AssistanceError {
    /// There is none, or it is out of reach.
    #[error("nothing of the kind in reach")]
    NotFound,
    /// Somebody changed it meanwhile.
    #[error("it changed meanwhile")]
    Stale,
    /// Fields that contradict the rules.
    #[error("fields are not acceptable")]
    Fields(Vec<FieldProblem>),
    /// The household has a plan for the year.
    #[error("there is a plan for the year")]
    PlanExists,
    /// The measure was done or dropped before.
    #[error("the measure has ended")]
    Ended,
    /// The organisation is none that stands by villages.
    #[error("such an organisation does not stand by a village")]
    UnitUnfit,
    /// The unit stands by the village already.
    #[error("the unit stands by the village already")]
    AlreadyAssigned,
    /// The assignment has ended before.
    #[error("the assignment has ended")]
    AssignmentEnded,
    /// The register.
    #[error(transparent)]
    Household(#[from] HouseholdError),
    /// A file.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The role may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for AssistanceError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::Fields(errors) => {
                let mut refused = Problem::plain(&problem::INVALID_FIELDS);
                refused.errors.clone_from(errors);
                refused
            }
            Self::PlanExists => Problem::plain(&PLAN_EXISTS),
            Self::Ended => Problem::new(
                &problem::WRONG_STATE,
                "该措施已完成或已终止。",
                "The measure was done or dropped already.",
            ),
            Self::UnitUnfit => Problem::plain(&UNIT_UNFIT),
            Self::AlreadyAssigned => {
                Problem::new(&problem::ALREADY_EXISTS, "该单位已包此村。", "The unit stands by this village already.")
            }
            Self::AssignmentEnded => {
                Problem::new(&problem::WRONG_STATE, "该包村关系已终止。", "The assignment has ended already.")
            }
            Self::Household(error) => error.problem(),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}

/// A field at fault.
pub(super) fn fault(pointer: impl Into<String>, zh: &'static str, en: &'static str) -> FieldProblem {
    FieldProblem { pointer: pointer.into(), detail: Text::new(zh, en) }
}
