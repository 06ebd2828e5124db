//! What can go wrong with seals.

use crate::problem::{self, Describe, Problem};
use entity::value::Overflow;
use sea_orm::DbErr;

/// Why nothing was sealed or shown.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// There is no such seal.
    #[error("there is no such seal")]
    NotFound,
    /// Somebody else sealed at this moment.
    #[error("another server sealed at this moment")]
    Racing(#[source] DbErr),
    /// A digest, a hash or a key that we keep is not one.
    #[error("{0} is not 32 bytes in hexadecimal")]
    Malformed(&'static str),
    /// The key cannot be used.
    #[error("the key of the seals cannot be used")]
    Key,
    /// A number is beyond what is countable.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for SealError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Racing(_) => Problem::plain(&problem::BUSY),
            Self::Malformed(_) | Self::Key => Problem::internal(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
