//! Everything that can go wrong with a complaint, and the problem each one is.

use super::state::Step;
use crate::access::AccessError;
use crate::document::DocumentError;
use crate::problem::{self, Describe, Kind, Problem};
use entity::value::{ComplaintState, Overflow};
use sea_orm::DbErr;

problem::kinds! {
    COMPLAINT_OPEN = 409 "complaint_open", "该订单已有同类投诉在处理中", "Such a complaint about the order is open",
        "请在已有投诉中补充，或待其办结。", "Add to the one that is open, or wait until it is closed.";
}

/// Why a complaint was not filed or not moved on.
#[derive(Debug, thiserror::Error)]
pub enum ComplaintError {
    /// There is none, or it is out of reach.
    #[error("no such complaint in reach")]
    NotFound,
    /// Somebody moved it on meanwhile.
    #[error("the complaint changed meanwhile")]
    Stale,
    /// The order is not one the complainant is a side of.
    #[error("no such order of one's own")]
    OrderUnknown,
    /// Its state knows no such step, or it is for the other side.
    #[error("no step {step:?} from {from}")]
    WrongState {
        /// Where it is.
        from: ComplaintState,
        /// What was tried.
        step: Step,
    },
    /// One of the kind is open.
    #[error("such a complaint is open")]
    Open,
    /// Too many files.
    #[error("too many files")]
    TooManyFiles,
    /// The files.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// Access.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Orders.
    #[error(transparent)]
    Order(#[from] crate::procurement::OrderError),
    /// A number.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for ComplaintError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::OrderUnknown => {
                Problem::invalid("/supplier_order_id".to_owned(), "本单位没有这个订单。", "You have no such order.")
            }
            Self::WrongState { from, step } => Problem::new(
                &problem::WRONG_STATE,
                format!("投诉处于“{from}”，不能进行“{}”。", step.as_str()),
                format!("The complaint is \"{from}\"; it knows no step \"{}\" now.", step.as_str()),
            ),
            Self::Open => Problem::plain(&COMPLAINT_OPEN),
            Self::TooManyFiles => Problem::invalid("/files".to_owned(), "至多 20 份附件。", "At most 20 files."),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Order(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
