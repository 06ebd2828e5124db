//! What can go wrong when income is booked and paid out.

use crate::access::AccessError;
use crate::attribution::engine::{AttributionError, ProduceWeightError};
use crate::attribution::period::PeriodError;
use crate::document::DocumentError;
use crate::ledger::LedgerError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem};
use crate::procurement::OrderError;
use entity::value::{AgreementId, Fen, Overflow, SupplierOrderId};
use sea_orm::DbErr;

problem::kinds! {
    PAYOUT_EXCEEDS_ACCRUED = 422 "payout_exceeds_accrued", "发放金额超过已计提未发放的金额",
        "More would be paid out than has accrued",
        "请查询应付款（GET /api/v1/payables）后按未发放金额发放。",
        "Look up what is open (GET /api/v1/payables) and pay out at most that.";
    PAYOUT_REFERENCE_USED = 409 "payout_reference_used", "发放凭证号已被使用", "The reference of the payout was used before",
        "每笔发放使用自己的凭证号；若是重试请沿用原 Idempotency-Key。",
        "Give each payout a reference of its own; to retry, repeat the first Idempotency-Key.";
    PAYOUT_AGREEMENT_UNKNOWN = 422 "payout_agreement_unknown", "没有该协议", "There is no such agreement",
        "请使用本单位与农户签订的协议编号。", "Use the identifier of an agreement your organisation has with a household.";
}

/// What can go wrong when income is booked and paid out.
#[derive(Debug, thiserror::Error)]
pub enum SettlementError {
    /// Nothing there, or not yours to see.
    #[error("no such household")]
    NotFound,
    /// Fields that are not acceptable.
    #[error("{} fields are not acceptable", .0.len())]
    Fields(Vec<FieldProblem>),
    /// An agreement that is not the supplier's.
    #[error("agreement {agreement} of payout {index} is not the supplier's")]
    AgreementUnknown {
        /// Which payout.
        index: usize,
        /// The agreement.
        agreement: AgreementId,
    },
    /// More than accrued.
    #[error("payout {index} is of {wanted}, open is {open}")]
    Exceeds {
        /// Which payout.
        index: usize,
        /// What was to be paid out.
        wanted: Fen,
        /// What is open, after the payouts before it.
        open: Fen,
    },
    /// A payout in a batch pays an order of which less is owed by now.
    #[error("of payout {index} less is owed by now")]
    NoLongerOwed {
        /// Which payout of the batch.
        index: usize,
    },
    /// A reference was used.
    #[error("the reference of payout {index:?} was used before")]
    ReferenceUsed {
        /// Which payout, when it is known.
        index: Option<usize>,
    },
    /// The order is not where it should be for this.
    #[error("order {0} cannot be settled as it is")]
    NotSettleable(SupplierOrderId),
    /// The shares.
    #[error("computing the shares")]
    Attribution(#[from] AttributionError),
    /// The weight of a delivery.
    #[error("weighing what was delivered")]
    Weight(#[from] ProduceWeightError),
    /// The order.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// The period.
    #[error(transparent)]
    Period(#[from] PeriodError),
    /// The books.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The evidence.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The right.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// An amount.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for SettlementError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Fields(errors) => Problem { errors: errors.clone(), ..Problem::plain(&problem::INVALID_FIELDS) },
            Self::AgreementUnknown { index, agreement } => Problem::plain(&PAYOUT_AGREEMENT_UNKNOWN).at(
                format!("/payouts/{index}/agreement_id"),
                format!("本单位没有协议 {agreement}。"),
                format!("Your organisation has no agreement {agreement}."),
            ),
            Self::Exceeds { index, wanted, open } => Problem::plain(&PAYOUT_EXCEEDS_ACCRUED).at(
                format!("/payouts/{index}/amount_fen"),
                format!("欲发放 {} 分，未发放 {} 分。", wanted.get(), open.get()),
                format!("{} fen wanted, {} fen open.", wanted.get(), open.get()),
            ),
            Self::NoLongerOwed { index } => Problem::new(
                &PAYOUT_EXCEEDS_ACCRUED,
                format!("第 {} 笔所付订单在制单之后有扣减，应付已不足；请取消本批次后重新制单。", index + 1),
                format!(
                    "Of an order that payout {} pays something was taken back; cancel the batch and begin again.",
                    index + 1
                ),
            ),
            Self::ReferenceUsed { index } => {
                let used = Problem::plain(&PAYOUT_REFERENCE_USED);
                match index {
                    None => used,
                    Some(index) => used.at(
                        format!("/payouts/{index}/reference"),
                        "此凭证号已登记过发放。",
                        "A payout with this reference is on record.",
                    ),
                }
            }
            // A job hears only of orders in their right state, and the engine is given what the register holds.
            Self::NotSettleable(_) | Self::Attribution(_) | Self::Weight(_) => Problem::internal(),
            Self::Order(error) => error.problem(),
            Self::Period(error) => error.problem(),
            Self::Ledger(error) => error.problem(),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
