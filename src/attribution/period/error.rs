//! What can go wrong with periods.

use super::spread::SpreadError;
use crate::access::AccessError;
use crate::attribution::engine::AttributionError;
use crate::attribution::error::fields;
use crate::attribution::inputs::InputsError;
use crate::document::DocumentError;
use crate::ledger::LedgerError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem, kinds};
use entity::value::Overflow;
use sea_orm::DbErr;

kinds! {
    PERIOD_OVERLAPS = 409 "period_overlaps", "与已有期间重叠", "It overlaps another period",
        "期间不能重叠；请从上一期间结束的次日开始。", "Periods do not overlap; begin on the day after the last one ends.";
    PERIOD_CLOSED = 409 "period_closed", "期间已关账", "The period is closed",
        "已关账的期间不再入账；请记入下一期间。", "A closed period takes nothing more; use the next one.";
    PERIOD_NOT_OVER = 409 "period_not_over", "期间尚未结束", "The period is not over",
        "请在期间最后一天过后关账。", "Close it after its last day.";
    EARLIER_PERIOD_OPEN = 409 "earlier_period_open", "更早的期间尚未关账", "An earlier period is still open",
        "请按先后顺序关账。", "Close periods in their order.";
    PERIOD_AGREEMENT = 422 "period_agreement", "协议不能记入本期间", "The agreement has no place in this period",
        "请使用本单位在期间内有效的、条款完整的协议。",
        "Use an agreement of yours that holds within the period and has the terms its mode needs.";
    PERIOD_TOO_MUCH = 422 "period_too_much", "超过协议允许的数量", "More than the agreement allows",
        "请核对工日、年租金或托管数量。", "Check the days, the year's rent or the entrusted units.";
}

/// Why something about a period is refused.
#[derive(Debug, thiserror::Error)]
pub enum PeriodError {
    /// Not there, or out of reach.
    #[error("no such period in reach")]
    NotFound,
    /// Fields that are not acceptable.
    #[error("fields of a period are not acceptable")]
    Fields(Vec<FieldProblem>),
    /// Another period covers some of its days.
    #[error("it overlaps another period")]
    Overlaps,
    /// It is closed.
    #[error("the period is closed")]
    Closed,
    /// It still runs.
    #[error("the period is not over")]
    NotOver,
    /// One before it is open.
    #[error("an earlier period is open")]
    EarlierOpen,
    /// The agreement cannot be recorded.
    #[error("the agreement has no place in the period")]
    Agreement,
    /// More is recorded than the agreement allows.
    #[error("{wanted} where {allowed} is allowed")]
    TooMuch {
        /// What would be recorded in all.
        wanted: i64,
        /// What the agreement allows.
        allowed: i64,
    },
    /// Somebody changed it meanwhile.
    #[error("the period has another version")]
    Stale,
    /// The arithmetic.
    #[error("computing the close")]
    Spread(#[from] SpreadError),
    /// The record of it.
    #[error("recording the close")]
    Inputs(#[from] InputsError),
    /// The computation before.
    #[error("computing what waited before")]
    Attribution(#[from] AttributionError),
    /// The books.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The evidence.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// An amount.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The role may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for PeriodError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Fields(errors) => fields(errors),
            Self::Overlaps => Problem::plain(&PERIOD_OVERLAPS),
            Self::Closed => Problem::plain(&PERIOD_CLOSED),
            Self::NotOver => Problem::plain(&PERIOD_NOT_OVER),
            Self::EarlierOpen => Problem::plain(&EARLIER_PERIOD_OPEN),
            Self::Agreement => Problem::plain(&PERIOD_AGREEMENT),
            Self::TooMuch { wanted, allowed } => Problem::new(
                &PERIOD_TOO_MUCH,
                format!("合计将为 {wanted}，最多 {allowed}。"),
                format!("It would come to {wanted} in all; {allowed} is the most."),
            ),
            Self::Stale => Problem::plain(&problem::STALE),
            // The lists come from tables whose keys are unique.
            Self::Spread(_) | Self::Inputs(_) | Self::Attribution(_) => Problem::internal(),
            Self::Ledger(error) => error.problem(),
            Self::Document(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
