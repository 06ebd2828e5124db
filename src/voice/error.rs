//! What can go wrong when a household speaks.

use super::state::NoSuchStep;
use crate::access::AccessError;
use crate::document::DocumentError;
use crate::household::HouseholdError;
use crate::ledger::LedgerError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem};
use crate::receipt::ReceiptError;
use crate::seal::SealError;
use crate::secrecy::SecrecyError;
use crate::settlement::SettlementError;
use entity::value::Overflow;
use sea_orm::DbErr;

problem::kinds! {
    VOICE_CODE_WRONG = 401 "voice_code_wrong", "验证码不正确或已失效", "The code is wrong, or no longer good",
        "请核对卡号和短信中的验证码；五次不对或超过十分钟，请重新获取。",
        "Check the number of the card and the code; after five tries or ten minutes ask for another.";
    VOICE_SESSION_MISSING = 401 "voice_session_missing", "请先用收益卡和验证码进入", "Come in with the card and a code first",
        "请用 POST /api/v1/voice/codes 获取验证码，再用 POST /api/v1/voice/sessions 进入；每次半小时有效。",
        "Ask for a code at POST /api/v1/voice/codes, come in at POST /api/v1/voice/sessions; it holds half an hour.";
    VOICE_ENTRY_UNKNOWN = 422 "voice_entry_unknown", "收益单上没有这一项", "There is no such entry in the statement",
        "请按收益单上的协议、订单和年度填写。", "Name agreement, order and year as the statement does.";
    DISPUTE_EXISTS = 409 "dispute_exists", "这一项已有未办结的异议", "The entry is under dispute already",
        "请等候答复，或先撤回原异议。", "Wait for its outcome, or withdraw it first.";
    DISPUTE_STATE = 409 "dispute_state", "异议当前状态不允许此操作", "The dispute is not in a state for this",
        "合作社先答复，县里后裁定；逾期未答复的，县里可直接裁定。",
        "The cooperative answers, then the county decides; when the answer is overdue it decides without.";
    CORRECTION_UNFIT = 422 "correction_unfit", "更正内容与异议不符", "The correction does not fit the dispute",
        "发放的异议以冲回该笔发放更正，应得和计提的异议以补计更正。",
        "A dispute about a payout is corrected by taking that payout back, one about income by adding to it.";
}

/// What can go wrong when a household speaks.
#[derive(Debug, thiserror::Error)]
pub enum VoiceError {
    /// Nothing there, or not yours to see.
    #[error("not there")]
    NotFound,
    /// Fields that are not acceptable.
    #[error("{} fields are not acceptable", .0.len())]
    Fields(Vec<FieldProblem>),
    /// The code does not open.
    #[error("the code is wrong")]
    CodeWrong,
    /// No session, or one that is over.
    #[error("no session")]
    NoSession,
    /// The statement has no such entry.
    #[error("no such entry")]
    EntryUnknown,
    /// It is under dispute.
    #[error("under dispute already")]
    Exists,
    /// The dispute is elsewhere in its life.
    #[error(transparent)]
    State(#[from] NoSuchStep),
    /// A correction that corrects something else.
    #[error("the correction does not fit")]
    Unfit,
    /// The object moved on.
    #[error("stale")]
    Stale,
    /// The page.
    #[error("writing the page")]
    Page(#[from] minijinja::Error),
    /// The register.
    #[error(transparent)]
    Household(#[from] HouseholdError),
    /// Settlement.
    #[error(transparent)]
    Settlement(#[from] SettlementError),
    /// The receipt.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// The key.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The books.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The evidence.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The right.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A secret.
    #[error(transparent)]
    Secrecy(#[from] SecrecyError),
    /// A sum.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for VoiceError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Fields(errors) => Problem { errors: errors.clone(), ..Problem::plain(&problem::INVALID_FIELDS) },
            Self::CodeWrong => Problem::plain(&VOICE_CODE_WRONG),
            Self::NoSession => Problem::plain(&VOICE_SESSION_MISSING),
            Self::EntryUnknown => Problem::plain(&VOICE_ENTRY_UNKNOWN),
            Self::Exists => Problem::plain(&DISPUTE_EXISTS),
            Self::State(NoSuchStep { from, step }) => {
                let (zh, en) = step.name();
                Problem::new(
                    &DISPUTE_STATE,
                    format!("异议状态为 {from}，不能{zh}。"),
                    format!("The dispute is {from} and cannot be {en}."),
                )
            }
            Self::Unfit => Problem::plain(&CORRECTION_UNFIT),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::Page(_) | Self::Secrecy(_) => Problem::internal(),
            Self::Household(error) => error.problem(),
            Self::Settlement(error) => error.problem(),
            Self::Receipt(error) => error.problem(),
            Self::Seal(error) => error.problem(),
            Self::Ledger(error) => error.problem(),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Database(error) => error.problem(),
        }
    }
}
