//! What can go wrong when reference data is loaded.

use super::RowError;
use crate::problem::{Describe, INVALID_FIELDS, Problem};
use sea_orm::DbErr;

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// The file has bad rows: all of them.
    #[error("{} bad rows, the first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Rows(Vec<RowError>),
    /// The file inside the binary cannot be unpacked.
    #[error("unpacking reference data")]
    Packed(#[from] std::io::Error),
    /// The database.
    #[error("storing reference data")]
    Database(#[from] DbErr),
}

impl From<Vec<RowError>> for DatasetError {
    fn from(rows: Vec<RowError>) -> Self {
        Self::Rows(rows)
    }
}

impl Describe for DatasetError {
    fn problem(&self) -> Problem {
        match self {
            Self::Rows(rows) => rows.iter().fold(Problem::plain(&INVALID_FIELDS), |problem, row| {
                let RowError { line, column, reason } = row;
                problem.at(format!("/lines/{line}/{column}"), reason.zh.clone(), reason.en.clone())
            }),
            Self::Packed(_) => Problem::internal(),
            Self::Database(error) => error.problem(),
        }
    }
}
