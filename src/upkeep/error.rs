//! What can be wrong with what an operator wants of the house's work.

use crate::problem::{self, Describe, Kind, Problem};
use sea_orm::DbErr;

/// No kinds of its own: what is not there is not there.
pub const KINDS: &[&Kind] = &[];

/// What can be wrong.
#[derive(Debug, thiserror::Error)]
pub enum UpkeepError {
    /// Nothing that was given up has this identifier.
    #[error("no such parked job")]
    NotFound,
    /// There is no such kind of work.
    #[error("no such kind of work")]
    NoSuchWork,
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for UpkeepError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::NoSuchWork => Problem::invalid(
                "/name",
                "没有这种任务；见 GET /api/v1/jobs。",
                "There is no such work; see GET /api/v1/jobs.",
            ),
            Self::Database(error) => error.problem(),
        }
    }
}
