//! What can go wrong with income and spending.

use crate::access::AccessError;
use crate::document::DocumentError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem, Text};
use entity::value::Overflow;
use sea_orm::DbErr;

problem::kinds! {
    INCOME_FROM_PLATFORM = 422 "income_from_platform", "平台发放的收入不得手工填报",
        "Income from this platform is not typed in",
        "经本平台发放的收入由账簿自动计入，请只填报其他来源的收支。",
        "What the household was paid here counts by the journal; enter only what comes from elsewhere.";
    INCOME_ROW_REPLACED = 409 "income_row_replaced", "该收支记录已被更正", "The row was replaced already",
        "请更正最新的一条记录（GET /api/v1/households/{id}/income-entries）。",
        "Replace the latest row (GET /api/v1/households/{id}/income-entries).";
    INCOME_THRESHOLD_EXISTS = 409 "income_threshold_exists", "该地该年度已有监测收入标准",
        "The place has a threshold for the year",
        "请更正现行标准（POST /api/v1/income-thresholds/{id}/corrections），并说明理由。",
        "Correct the one that holds (POST /api/v1/income-thresholds/{id}/corrections) and say why.";
}

/// Why a row was not entered, or no figures are told.
#[derive(Debug, thiserror::Error)]
pub enum WelfareError {
    /// There is no such household, or it is out of reach.
    #[error("no such household in reach")]
    NotFound,
    /// Fields that are not acceptable.
    #[error("{} fields are not acceptable", .0.len())]
    Fields(Vec<FieldProblem>),
    /// It says what only the journal says.
    #[error("income from this platform is not typed in")]
    FromPlatform,
    /// The place has a threshold for the year.
    #[error("the place has a threshold for the year")]
    ThresholdExists,
    /// Another threshold took its place meanwhile.
    #[error("the threshold was corrected meanwhile")]
    Stale,
    /// Another row took its place already.
    #[error("the row was replaced already")]
    Replaced,
    /// The files.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// Access.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A sum, or a day beyond the calendar.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for WelfareError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Fields(errors) => {
                let mut refused = Problem::plain(&problem::INVALID_FIELDS);
                refused.errors.clone_from(errors);
                refused
            }
            Self::FromPlatform => Problem::plain(&INCOME_FROM_PLATFORM).at(
                "/source",
                "平台发放的收入由账簿自动计入。",
                "What the household was paid here counts by the journal.",
            ),
            Self::ThresholdExists => Problem::plain(&INCOME_THRESHOLD_EXISTS),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::Replaced => Problem::plain(&INCOME_ROW_REPLACED),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}

/// A field at fault.
pub(super) fn fault(pointer: &str, zh: &'static str, en: &'static str) -> FieldProblem {
    FieldProblem { pointer: pointer.to_owned(), detail: Text::new(zh, en) }
}
