//! Everything that can go wrong with a comparison, and the problem each one is.

use crate::access::AccessError;
use crate::http::sheet;
use crate::monitoring::MonitoringError;
use crate::problem::{self, Describe, Kind, Problem};
use crate::secrecy::SecrecyError;
use sea_orm::DbErr;

problem::kinds! {
    COMPARISON_UNREADABLE = 422 "comparison_unreadable", "比对文件无法读取", "The file cannot be compared",
        "请提供含“证件号码”列的 .csv 或 .xlsx 表格，首行为列名。",
        "Send a .csv or .xlsx sheet with headings in its first row, one of which is the identity number.";
}

/// Why a file was not compared, or a flag not decided.
#[derive(Debug, thiserror::Error)]
pub enum ComparisonError {
    /// There is none, or it is out of reach.
    #[error("no such comparison or flag in reach")]
    NotFound,
    /// Somebody decided meanwhile.
    #[error("the flag changed meanwhile")]
    Stale,
    /// It was decided before.
    #[error("the flag was decided")]
    Decided,
    /// It is larger than is taken.
    #[error("the file is too large")]
    TooLarge,
    /// The sender stopped in the middle.
    #[error("the upload was interrupted")]
    Interrupted,
    /// It is no sheet.
    #[error("{}", .0.en())]
    NotASheet(sheet::Fault),
    /// No column holds identity numbers.
    #[error("no column holds identity numbers")]
    NoNumbers,
    /// There is no row, or more than are taken.
    #[error("it has no rows, or too many")]
    Rows,
    /// A day in the future.
    #[error("the day is in the future")]
    Future,
    /// Reading it was cut off.
    #[error("reading was cut off")]
    CutOff(#[from] tokio::task::JoinError),
    /// The role may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A ciphertext could not be made or opened.
    #[error("sealing or opening what a file says")]
    Secrecy(#[from] SecrecyError),
    /// What follows for monitoring.
    #[error(transparent)]
    Monitoring(#[from] MonitoringError),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl From<sheet::Fault> for ComparisonError {
    fn from(fault: sheet::Fault) -> Self {
        Self::NotASheet(fault)
    }
}

impl Describe for ComparisonError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::Decided => Problem::new(&problem::WRONG_STATE, "该疑点已核实。", "The flag was decided already."),
            Self::TooLarge => {
                Problem::new(&problem::PAYLOAD_TOO_LARGE, "比对文件不得超过 32 MiB。", "A file has at most 32 MiB.")
            }
            Self::Interrupted => Problem::new(&COMPARISON_UNREADABLE, "上传中断。", "The upload was interrupted."),
            Self::NotASheet(fault) => Problem::new(&COMPARISON_UNREADABLE, fault.zh(), fault.en()),
            Self::NoNumbers => {
                Problem::new(&COMPARISON_UNREADABLE, "没有“证件号码”列。", "No column holds identity numbers.")
            }
            Self::Rows => {
                Problem::new(&COMPARISON_UNREADABLE, "应有 1 至 500,000 行数据。", "It has 1 to 500,000 rows.")
            }
            Self::Future => Problem::invalid("?data_on", "数据日期不能晚于今天。", "The day is not in the future."),
            Self::Access(error) => error.problem(),
            Self::Monitoring(error) => error.problem(),
            Self::CutOff(_) | Self::Secrecy(_) => Problem::internal(),
            Self::Database(error) => error.problem(),
        }
    }
}
