//! What can go wrong with receipts.

use crate::ledger::LedgerError;
use crate::problem::{self, Describe, Problem};
use crate::seal::SealError;
use entity::value::Overflow;
use sea_orm::DbErr;

/// Why there is no receipt.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// The household is not there, or out of reach.
    #[error("the household is not there or out of reach")]
    NotFound,
    /// It cannot be written, or does not prove itself.
    #[error("the receipt cannot be written: {0}")]
    Unwritable(String),
    /// A number is beyond what is countable.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The journal.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The seals.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for ReceiptError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Unwritable(_) => Problem::internal(),
            Self::Overflow(error) => error.problem(),
            Self::Ledger(error) => error.problem(),
            Self::Seal(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
