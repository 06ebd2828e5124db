//! What can go wrong with a budget.

use crate::access::AccessError;
use crate::ledger::LedgerError;
use crate::problem::{self, Describe, Kind, Problem, kinds};
use entity::value::{Fen, Overflow};
use sea_orm::DbErr;

kinds! {
    BUDGET_INSUFFICIENT = 409 "budget_insufficient", "可用预算不足", "The budget does not suffice",
        "请减少采购数量、换用其他预算，或请财政部门追加预算；订单没有生成，库存没有占用。",
        "Order less, use another budget, or ask the finance department for more; nothing was ordered or reserved.";
}

/// Why nothing was granted, bound, given back or spent.
#[derive(Debug, thiserror::Error)]
pub enum BudgetError {
    /// There is no such budget, or it is out of scope.
    #[error("no such budget")]
    NotFound,
    /// There is no such unit below the grantor.
    #[error("no such unit below the grantor")]
    NoSuchUnit,
    /// The year makes no sense.
    #[error("the year {0} is out of range")]
    YearOutOfRange(i32),
    /// A budget of nothing.
    #[error("the amount is zero")]
    NoAmount,
    /// The unit has a budget of that year and fund source.
    #[error("the unit has a budget of that year and fund source")]
    Exists,
    /// Less is available than is wanted.
    #[error("{available} yuan are available, {wanted} are wanted")]
    Insufficient {
        /// What is available.
        available: Fen,
        /// What is wanted.
        wanted: Fen,
    },
    /// Another order took what was still available a moment ago.
    #[error("another order took the budget while {wanted} yuan were wanted")]
    Taken {
        /// What is wanted.
        wanted: Fen,
    },
    /// Access.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A sum.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for BudgetError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::NoSuchUnit => Problem::new(
                &problem::NOT_FOUND,
                "您所在单位之下没有这个单位。",
                "There is no such unit below your organisation.",
            ),
            Self::YearOutOfRange(_) => {
                Problem::invalid("/year", "年度应在 2000 至 2100 之间。", "The year lies between 2000 and 2100.")
            }
            Self::NoAmount => Problem::invalid("/amount_fen", "金额应大于零。", "The amount is more than zero."),
            Self::Exists => Problem::new(
                &problem::ALREADY_EXISTS,
                "该单位在该年度已有同一资金来源的预算。",
                "The unit has a budget of that year and fund source already.",
            ),
            Self::Insufficient { available, wanted } => Problem::new(
                &BUDGET_INSUFFICIENT,
                format!("可用预算 {available} 元，本次需要 {wanted} 元。"),
                format!("{available} yuan are available, {wanted} yuan are needed."),
            ),
            Self::Taken { wanted } => Problem::new(
                &BUDGET_INSUFFICIENT,
                format!("本次需要 {wanted} 元，可用预算刚刚被另一订单占用，余额已不足。"),
                format!("{wanted} yuan are needed; another order has just bound the budget, and what is left is less."),
            ),
            Self::Access(error) => error.problem(),
            Self::Ledger(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
