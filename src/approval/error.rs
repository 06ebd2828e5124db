//! What can go wrong with rules and deputies.

use crate::access::AccessError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem};
use entity::value::Overflow;
use sea_orm::DbErr;

problem::kinds! {
    DECIDER_UNKNOWN = 422 "decider_unknown", "没有这样的审批人", "There is nobody like that who could decide",
        "审批人应为该单位在岗的审批人或财务人员，请核对账号与单位。",
        "Whoever decides is an active approver or finance officer of that organisation; check the name and the organisation.";
}

/// Why a rule or a deputy was not entered or found.
#[derive(Debug, thiserror::Error)]
pub enum ApprovalError {
    /// Nothing there, or out of reach.
    #[error("no such thing in reach")]
    NotFound,
    /// Fields that are not acceptable.
    #[error("{} fields are not acceptable", .0.len())]
    Fields(Vec<FieldProblem>),
    /// Nobody of that name could decide there.
    #[error("nobody could decide at {0}")]
    DeciderUnknown(String),
    /// It was changed by somebody else.
    #[error("another version")]
    Stale,
    /// It ended before.
    #[error("it has ended")]
    Ended,
    /// Somebody entered the next version at the same moment.
    #[error("somebody entered a version at the same moment")]
    Exists,
    /// The right.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A sum.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for ApprovalError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Fields(errors) => Problem { errors: errors.clone(), ..Problem::plain(&problem::INVALID_FIELDS) },
            Self::DeciderUnknown(pointer) => Problem::plain(&DECIDER_UNKNOWN).at(
                pointer.clone(),
                "该单位没有这位可以审批的人员。",
                "Nobody of that name can decide in that organisation.",
            ),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::Ended => Problem::plain(&problem::WRONG_STATE),
            Self::Exists => Problem::plain(&problem::ALREADY_EXISTS),
            Self::Access(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
