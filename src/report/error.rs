//! What can go wrong with reports.

use crate::access::AccessError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem};
use crate::quota::QuotaError;
use entity::value::ReportState;
use sea_orm::DbErr;

problem::kinds! {
    REPORT_NOT_DONE = 409 "report_not_done", "报表尚未生成", "The report is not done",
        "报表在后台生成；请稍后再看其进度。", "It is done in the background; look at its progress and come again.";
    REPORT_NOT_FAILED = 409 "report_not_failed", "报表没有失败", "The report has not failed",
        "只有失败的报表才能重新生成；已生成的请另行申请。", "Only a failed report is done again; ask for another one otherwise.";
    REPORTS_UNLIKE = 422 "reports_unlike", "两份报表不可比较", "The two reports cannot be compared",
        "只能比较同一种报表、同一规则版本的两份快照。", "Compare two snapshots of one report by one version of its rule.";
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// Nothing there, or not yours to see.
    #[error("no such report")]
    NotFound,
    /// Fields that are not acceptable.
    #[error("{} fields are not acceptable", .0.len())]
    Fields(Vec<FieldProblem>),
    /// It is not done.
    #[error("the report is {0}")]
    NotDone(ReportState),
    /// It has not failed.
    #[error("the report is {0} and not failed")]
    NotFailed(ReportState),
    /// Another report, or another rule.
    #[error("they are not of one kind")]
    Unlike,
    /// What was kept cannot be read.
    #[error("a snapshot cannot be read")]
    Unreadable,
    /// It cannot be written as a file.
    #[error("writing the file: {0}")]
    Writing(String),
    /// The right.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Units and what they reserved.
    #[error(transparent)]
    Quota(#[from] QuotaError),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for ReportError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Fields(errors) => Problem { errors: errors.clone(), ..Problem::plain(&problem::INVALID_FIELDS) },
            Self::NotDone(_) => Problem::plain(&REPORT_NOT_DONE),
            Self::NotFailed(_) => Problem::plain(&REPORT_NOT_FAILED),
            Self::Unlike => Problem::plain(&REPORTS_UNLIKE),
            Self::Unreadable | Self::Writing(_) => Problem::internal(),
            Self::Access(error) => error.problem(),
            Self::Quota(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
