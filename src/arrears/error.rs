//! What can go wrong when asking what is owed.

use crate::problem::{self, Describe, Problem};
use crate::procurement::OrderError;
use entity::value::Overflow;
use sea_orm::DbErr;

/// Why what is owed is not told.
#[derive(Debug, thiserror::Error)]
pub enum ArrearsError {
    /// There is no such order, or it is out of reach.
    #[error("no such order in reach")]
    NotFound,
    /// Orders.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// A sum.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for ArrearsError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Order(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
