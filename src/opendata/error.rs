//! What can go wrong with open data.

use crate::problem::{self, Describe, Problem};
use entity::value::Overflow;
use sea_orm::DbErr;

/// Why nothing was released or shown.
#[derive(Debug, thiserror::Error)]
pub enum OpenDataError {
    /// There is no such process, release or month.
    #[error("nothing is published under this name")]
    NotFound,
    /// What was kept cannot be read.
    #[error("a release that was kept cannot be read")]
    Unreadable,
    /// A month that is none.
    #[error("it is no month")]
    NoMonth,
    /// A number is beyond what is countable.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for OpenDataError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Unreadable => Problem::internal(),
            Self::NoMonth => Problem::invalid("?month", "月份应写作 2026-03。", "A month is written as 2026-03."),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
