//! Everything that can go wrong with a finding, and the problem each one is.

use crate::access::AccessError;
use crate::document::DocumentError;
use crate::household::HouseholdError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem, Text};
use entity::value::{TaskState, TaskStep};
use sea_orm::DbErr;

problem::kinds! {
    FINDING_TASKS_FULL = 409 "finding_tasks_full", "整改任务过多", "The finding has too many tasks",
        "每个问题至多 20 项任务；请另行登记问题。", "A finding has 20 tasks at most; enter another one.";
}

/// Why a finding was not entered or a task not moved on.
#[derive(Debug, thiserror::Error)]
pub enum RectificationError {
    /// There is none, or it is out of reach.
    #[error("no such finding or task in reach")]
    NotFound,
    /// Somebody moved it on meanwhile.
    #[error("the finding changed meanwhile")]
    Stale,
    /// Fields that contradict the rules.
    #[error("fields are not acceptable")]
    Fields(Vec<FieldProblem>),
    /// It has as many tasks as it may.
    #[error("the finding has too many tasks")]
    TooManyTasks,
    /// The task's state knows no such step.
    #[error("no step {step} from {from}")]
    WrongState {
        /// Where it is.
        from: TaskState,
        /// What was tried.
        step: TaskStep,
    },
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

impl Describe for RectificationError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::Fields(errors) => {
                let mut refused = Problem::plain(&problem::INVALID_FIELDS);
                refused.errors.clone_from(errors);
                refused
            }
            Self::TooManyTasks => Problem::plain(&FINDING_TASKS_FULL),
            Self::WrongState { from, step } => Problem::new(
                &problem::WRONG_STATE,
                format!("该任务处于“{from}”，不能进行“{step}”。"),
                format!("The task is \"{from}\"; it knows no step \"{step}\" now."),
            ),
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
