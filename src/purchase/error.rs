//! Everything that can go wrong on the way to an order, and the problem each one is.

use crate::access::AccessError;
use crate::approval::ApprovalError;
use crate::budget::BudgetError;
use crate::catalogue::CatalogueError;
use crate::document::DocumentError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem, Text};
use crate::procurement::OrderError;
use entity::value::{Overflow, RequestState};
use sea_orm::DbErr;

problem::kinds! {
    NOT_YOUR_STEP = 403 "not_your_step", "当前环节不由您审批", "This step is not yours to decide",
        "请由申请详情中列出的审批人、其代理人或被转办人办理。",
        "It is decided by whoever the request names, their deputy, or whoever it was handed to.";
}

/// Why something was not bought, asked for or decided.
#[derive(Debug, thiserror::Error)]
pub enum PurchaseError {
    /// Nothing there, or out of reach.
    #[error("no such thing in reach")]
    NotFound,
    /// It was changed by somebody else.
    #[error("another version")]
    Stale,
    /// Its state knows no such step.
    #[error("not in state {0}")]
    WrongRequestState(RequestState),
    /// The step is not theirs.
    #[error("the step is not theirs")]
    NotYourStep,
    /// Fields that are not acceptable.
    #[error("{} fields are not acceptable", .0.len())]
    Fields(Vec<FieldProblem>),
    /// A stored text that cannot be read.
    #[error("a stored text cannot be read")]
    Unreadable(#[from] serde_json::Error),
    /// Who approves.
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    /// The order.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// The budget.
    #[error(transparent)]
    Budget(#[from] BudgetError),
    /// The shelf.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A document.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The right.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A sum.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl PurchaseError {
    /// One field that is not acceptable.
    pub(super) fn field(pointer: impl Into<String>, zh: &'static str, en: &'static str) -> Self {
        Self::Fields(vec![FieldProblem { pointer: pointer.into(), detail: Text::new(zh, en) }])
    }
}

impl Describe for PurchaseError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::WrongRequestState(state) => Problem::new(
                &problem::WRONG_STATE,
                format!("采购申请处于“{state}”，不能这样办理。"),
                format!("The request is \"{state}\"; this cannot be done with it."),
            ),
            Self::NotYourStep => Problem::plain(&NOT_YOUR_STEP),
            Self::Fields(errors) => Problem { errors: errors.clone(), ..Problem::plain(&problem::INVALID_FIELDS) },
            Self::Unreadable(_) => Problem::internal(),
            Self::Approval(error) => error.problem(),
            Self::Order(error) => error.problem(),
            Self::Budget(error) => error.problem(),
            Self::Catalogue(error) => error.problem(),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
