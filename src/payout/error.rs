//! What can go wrong with batches of payouts.

use super::state::{NoSuchStep, Step};
use crate::access::AccessError;
use crate::document::DocumentError;
use crate::ledger::LedgerError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem, Text};
use crate::secrecy::SecrecyError;
use crate::settlement::SettlementError;
use entity::value::{Fen, Overflow};
use sea_orm::DbErr;

problem::kinds! {
    PAYOUT_BATCH_STATE = 409 "payout_batch_state", "发放批次当前状态不允许此操作",
        "The batch of payouts is not in a state for this",
        "请查看批次状态：先审批，再送出，后登记结果；补录的发放经他人复核即入账办结。",
        "Look at its state: it is approved, then sent, then reported on; what was recorded afterwards is closed by its approval.";
    PAYOUT_FOUR_EYES = 409 "payout_four_eyes", "须由另一人办理", "Somebody else has to do this",
        "制单人、登记人不能审批自己的批次，出纳不能见证自己的发放；请本单位另一位经办人或审批人办理。",
        "Who drafted or recorded a batch does not approve it, and who handed cash over is not its witness: let another clerk or an approver of your organisation do it.";
    PAYOUT_NOTHING_OPEN = 422 "payout_nothing_open", "没有可发放的应付款", "Nothing is open to be paid out",
        "请查询应付款（GET /api/v1/payables?open=true）；已在批次中的金额不能再次发放。",
        "Look up what is open (GET /api/v1/payables?open=true); what is in a batch cannot be paid out again.";
    PAYOUT_ACCOUNT_MISSING = 422 "payout_account_missing", "有农户没有登记收款账号", "A household has no account",
        "请县里补登该户一卡通账号，或改用现金发放。", "Ask the county to register an account, or pay in cash.";
    PAYOUT_FORMAT_UNKNOWN = 422 "payout_format_unknown", "没有该银行文件格式", "There is no such bank format",
        "请用 GET /api/v1/payout-formats 查询格式名称。", "Look the names up at GET /api/v1/payout-formats.";
    PAYOUT_RESULT_UNREADABLE = 422 "payout_result_unreadable", "银行结果文件无法读取", "The bank's result cannot be read",
        "请核对所选格式、编码与表头。", "Check the format, its encoding and the heading.";
    PAYOUT_RESULT_CONFLICT = 409 "payout_result_conflict", "银行结果与批次不符", "The bank's result does not fit the batch",
        "请逐行核对编号、金额和先前已登记的结果；整个文件未导入。",
        "Compare references, amounts and what was reported before; nothing of the file was imported.";
}

/// What can go wrong with batches of payouts.
#[derive(Debug, thiserror::Error)]
pub enum PayoutError {
    /// Nothing there, or not yours to see.
    #[error("no such batch")]
    NotFound,
    /// Fields that are not acceptable.
    #[error("{} fields are not acceptable", .0.len())]
    Fields(Vec<FieldProblem>),
    /// The batch is elsewhere in its life.
    #[error(transparent)]
    State(#[from] NoSuchStep),
    /// The same person twice.
    #[error("the same person did the step before {0:?}")]
    SameHands(Step),
    /// Nothing is owed.
    #[error("nothing is open")]
    NothingOpen,
    /// More than is open.
    #[error("line {index} wants {wanted}, open is {open}")]
    Exceeds {
        /// Which line.
        index: usize,
        /// What was wanted.
        wanted: Fen,
        /// What is open.
        open: Fen,
    },
    /// Households without an account.
    #[error("{} households have no account", .0.len())]
    NoAccount(Vec<FieldProblem>),
    /// No such format; these there are.
    #[error("no such format; there are {0}")]
    FormatUnknown(String),
    /// The formats of the house cannot be read.
    #[error("the bank formats cannot be used: {0}")]
    Formats(String),
    /// A name that the encoding cannot say.
    #[error("line {0} cannot be written in the encoding")]
    NotEncodable(String),
    /// No such file of a bank.
    #[error("the result cannot be read")]
    Unreadable(Text),
    /// The result contradicts the batch.
    #[error("{} rows contradict the batch", .0.len())]
    Conflict(Vec<FieldProblem>),
    /// The object moved on.
    #[error("stale")]
    Stale,
    /// Settlement.
    #[error(transparent)]
    Settlement(#[from] SettlementError),
    /// The books.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The evidence.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The right.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Personal data.
    #[error(transparent)]
    Secrecy(#[from] SecrecyError),
    /// A sum.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

fn with(kind: &'static Kind, errors: &[FieldProblem]) -> Problem {
    Problem { errors: errors.to_vec(), ..Problem::plain(kind) }
}

impl Describe for PayoutError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Fields(errors) => with(&problem::INVALID_FIELDS, errors),
            Self::State(NoSuchStep { from, step }) => {
                let (zh, en) = step.name();
                Problem::new(
                    &PAYOUT_BATCH_STATE,
                    format!("批次状态为 {from}，不能{zh}。"),
                    format!("The batch is {from} and cannot be {en}."),
                )
            }
            Self::SameHands(_) => Problem::plain(&PAYOUT_FOUR_EYES),
            Self::NothingOpen => Problem::plain(&PAYOUT_NOTHING_OPEN),
            Self::Exceeds { index, wanted, open } => Problem::plain(&PAYOUT_NOTHING_OPEN).at(
                format!("/lines/{index}/amount_fen"),
                format!("欲发放 {} 分，可发放 {} 分。", wanted.get(), open.get()),
                format!("{} fen wanted, {} fen open.", wanted.get(), open.get()),
            ),
            Self::NoAccount(errors) => with(&PAYOUT_ACCOUNT_MISSING, errors),
            Self::FormatUnknown(names) => {
                Problem::new(&PAYOUT_FORMAT_UNKNOWN, format!("可用格式：{names}。"), format!("There are: {names}."))
            }
            Self::NotEncodable(reference) => Problem::new(
                &PAYOUT_FORMAT_UNKNOWN,
                format!("{reference} 的户名含所选编码无法表示的字，请改用 UTF-8 格式。"),
                format!("The name of {reference} cannot be written in this encoding; use a format in UTF-8."),
            ),
            Self::Unreadable(text) => Problem::new(&PAYOUT_RESULT_UNREADABLE, text.zh.clone(), text.en.clone()),
            Self::Conflict(errors) => with(&PAYOUT_RESULT_CONFLICT, errors),
            Self::Stale => Problem::plain(&problem::STALE),
            // Whoever runs the house wrote the file of formats; the caller cannot mend it.
            Self::Formats(_) | Self::Secrecy(_) => Problem::internal(),
            Self::Settlement(error) => error.problem(),
            Self::Ledger(error) => error.problem(),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
