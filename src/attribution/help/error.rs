//! What can go wrong with records of help.

use crate::access::AccessError;
use crate::attribution::error::{HOUSEHOLD_UNKNOWN, fields};
use crate::document::DocumentError;
use crate::problem::{self, Describe, FieldProblem, Problem};
use sea_orm::DbErr;

/// Why a record of help is refused.
#[derive(Debug, thiserror::Error)]
pub enum HelpError {
    /// Not there, or out of reach.
    #[error("no such record of help in reach")]
    NotFound,
    /// Fields that are not acceptable.
    #[error("fields of a record of help are not acceptable")]
    Fields(Vec<FieldProblem>),
    /// No such household.
    #[error("no such household")]
    HouseholdUnknown,
    /// The evidence.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The role may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for HelpError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Fields(errors) => fields(errors),
            Self::HouseholdUnknown => Problem::plain(&HOUSEHOLD_UNKNOWN).at(
                "/household_number",
                "没有这一户。",
                "There is no such household.",
            ),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
