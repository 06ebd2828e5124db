//! What can go wrong when something is posted.

use crate::problem::{self, Describe, Kind, Problem, kinds};
use crate::secrecy::SecrecyError;
use entity::value::{Fen, Overflow, PostingId};
use sea_orm::DbErr;

kinds! {
    OVERDRAWN = 409 "overdrawn", "余额不足", "The balance does not suffice",
        "请查询账户余额后重试；账目没有改变。", "Look up the balance and try again; the books were not changed.";
}

/// Why nothing was posted.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Debits differ from credits.
    #[error("posting {cause}: debits {debit} differ from credits {credit}")]
    Unbalanced {
        /// Its cause.
        cause: String,
        /// Sum of debits.
        debit: Fen,
        /// Sum of credits.
        credit: Fen,
    },
    /// There is no line in it.
    #[error("posting {cause} has no lines")]
    Empty {
        /// Its cause.
        cause: String,
    },
    /// The cause has posted something else before.
    #[error("the cause has posted something else before, as {0}")]
    Duplicate(PostingId),
    /// The cause is posting at this moment in another transaction.
    #[error("the cause is posting at this moment")]
    Racing(#[source] DbErr),
    /// An account would fall below nothing.
    #[error("an account would be overdrawn")]
    Overdrawn,
    /// A sum is beyond what is countable.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// No salt could be made.
    #[error(transparent)]
    Salt(#[from] SecrecyError),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for LedgerError {
    fn problem(&self) -> Problem {
        match self {
            // Callers build postings that balance, once a cause: anything else is our mistake, not the caller's.
            Self::Unbalanced { .. } | Self::Empty { .. } | Self::Duplicate(_) | Self::Salt(_) => Problem::internal(),
            Self::Racing(_) => Problem::plain(&problem::BUSY),
            Self::Overdrawn => Problem::plain(&OVERDRAWN),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
