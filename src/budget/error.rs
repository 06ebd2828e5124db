//! What can go wrong with a budget.

use crate::access::AccessError;
use crate::document::DocumentError;
use crate::ledger::LedgerError;
use crate::problem::{self, Describe, Kind, Problem, kinds};
use entity::value::{Fen, Overflow};
use sea_orm::DbErr;

kinds! {
    BUDGET_INSUFFICIENT = 409 "budget_insufficient", "可用预算不足", "The budget does not suffice",
        "请减少采购数量、换用其他预算，或请财政部门追加预算；订单没有生成，库存没有占用。",
        "Order less, use another budget, or ask the finance department for more; nothing was ordered or reserved.";
    BUDGET_CLOSED = 409 "budget_closed", "预算不在执行期", "The budget is not open",
        "年度未到或已结账的预算不能再下单；请使用本年度的预算（GET /api/v1/budgets）。",
        "Nothing can be bound to a budget whose year has not begun or was closed; use one of this year (GET /api/v1/budgets).";
    BUDGET_YEAR_RUNS = 409 "budget_year_runs", "预算年度尚未结束", "The budget's year has not ended",
        "年终结转应在预算年度结束之后办理。", "Carry over after the year of the budget has ended.";
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
    /// The year of the budget has not begun, or was closed.
    #[error("the budget of {year} is not open")]
    Closed {
        /// Its year.
        year: i32,
    },
    /// The year has not ended.
    #[error("the year {0} has not ended")]
    YearRuns(i32),
    /// A change names a budget where none belongs, or one that does not fit.
    #[error("the other budget does not fit")]
    OtherUnfit,
    /// A statement of too many movements.
    #[error("more than {0} movements")]
    TooMany(usize),
    /// Days in the wrong order.
    #[error("the days are in the wrong order")]
    DaysWrong,
    /// It was changed by somebody else.
    #[error("another version")]
    Stale,
    /// The document.
    #[error(transparent)]
    Document(#[from] DocumentError),
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
            Self::Closed { year } => Problem::new(
                &BUDGET_CLOSED,
                format!("{year} 年度的预算不在执行期。"),
                format!("The budget of {year} is not open."),
            ),
            Self::YearRuns(year) => Problem::new(
                &BUDGET_YEAR_RUNS,
                format!("{year} 年度尚未结束。"),
                format!("The year {year} has not ended."),
            ),
            Self::OtherUnfit => Problem::invalid(
                "/to_budget_id",
                "调剂应指定贵单位所辖的另一项同年度、未结账的预算；其他调整不填。",
                "A transfer names another open budget of the same year below your organisation; other changes name none.",
            ),
            Self::TooMany(most) => Problem::invalid(
                "?from",
                format!("期间内超过 {most} 笔，请缩短期间。"),
                format!("There are more than {most} movements; ask for fewer days."),
            ),
            Self::DaysWrong => {
                Problem::invalid("?to", "结束日期不能早于开始日期。", "The last day is not before the first.")
            }
            Self::Stale => Problem::plain(&problem::STALE),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Ledger(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
