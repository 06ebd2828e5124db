//! Everything that can go wrong with a case, and the problem each one is.

use crate::access::AccessError;
use crate::document::DocumentError;
use crate::household::HouseholdError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem};
use crate::secrecy::SecrecyError;
use chrono::NaiveDate;
use entity::value::{AdjustmentState, AdjustmentStep, HouseholdStatusKind, Overflow};
use sea_orm::DbErr;

problem::kinds! {
    ADJUSTMENT_OPEN = 409 "adjustment_open", "该户已有办理中的动态调整", "A case about the household is open",
        "请先办结已有的动态调整（GET /api/v1/adjustments?household_id=…）。",
        "Finish the one that is open first (GET /api/v1/adjustments?household_id=…).";
    ADJUSTMENT_UNFIT = 409 "adjustment_unfit", "该户现状不适用此类调整", "This kind of case is not for such a household",
        "请核对该户当前的户类型：新增识别针对一般农户，返贫与退出针对脱贫户，风险消除针对监测对象。",
        "Look at what the household is: identification is for ordinary ones, return and exit for registered ones, risk removal for monitored ones.";
    QUORUM_MISSING = 422 "quorum_missing", "到会人数不足", "Too few came to vote",
        "到会人数须达到应到人数的三分之二，否则不能作出决定；请另行召开会议。",
        "Two thirds of those who may vote must be there; call another meeting.";
    PUBLICITY_RUNNING = 409 "publicity_running", "公示期未满", "It has not hung on the notice board long enough",
        "公示不少于五天，异议处理期间不计；期满后再上报。",
        "It hangs there for five days at least, not counting those on which an objection was open.";
    RISK_REMAINS = 409 "risk_remains", "风险消除条件未满足", "The risk is not gone",
        "请按 errors 中逐项列明的差距补齐后再申请风险消除。", "Mend what errors names, with its numbers, and open the case then.";
    CLUE_EXISTS = 409 "household_known", "该户已在册", "The household is in the register",
        "户编号已在册或正在办理中；请以该户办理。", "The number is in the register or in another case; open the case for that household.";
}

/// Why a case was not opened or not moved on.
#[derive(Debug, thiserror::Error)]
pub enum AdjustmentError {
    /// There is none, or it is out of reach.
    #[error("no such case in reach")]
    NotFound,
    /// Somebody moved it on meanwhile.
    #[error("the case changed meanwhile")]
    Stale,
    /// Fields that contradict the rules.
    #[error("fields of a case are not acceptable")]
    Fields(Vec<FieldProblem>),
    /// One about the household is open.
    #[error("a case about the household is open")]
    Open,
    /// The number stands in the register or in another case.
    #[error("the household number is known")]
    NumberKnown,
    /// Not for a household of this status.
    #[error("not for a household of status {status:?}")]
    Unfit {
        /// What it is.
        status: Option<HouseholdStatusKind>,
    },
    /// Its state knows no such step.
    #[error("no step {step} from {from}")]
    WrongState {
        /// Where it is.
        from: AdjustmentState,
        /// What was tried.
        step: AdjustmentStep,
    },
    /// Too few came to vote.
    #[error("no quorum")]
    NoQuorum,
    /// It hangs there too short a time.
    #[error("the publicity still runs")]
    StillRunning {
        /// Until when.
        ends_on: Option<NaiveDate>,
    },
    /// What must be so before a risk counts as gone is not so.
    #[error("{} conditions are not met", .0.len())]
    RiskRemains(Vec<problem::Text>),
    /// The objection was answered before.
    #[error("the objection was answered before")]
    Answered,
    /// The register.
    #[error(transparent)]
    Household(#[from] HouseholdError),
    /// The files.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// Access.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A day beyond the calendar.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// A person's data could not be sealed or opened.
    #[error("sealing or opening personal data")]
    Secrecy(#[from] SecrecyError),
    /// What was sealed is not what was sealed.
    #[error("reading a sealed person")]
    Unreadable(#[from] serde_json::Error),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for AdjustmentError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::Fields(errors) => {
                let mut refused = Problem::plain(&problem::INVALID_FIELDS);
                refused.errors.clone_from(errors);
                refused
            }
            Self::Open => Problem::plain(&ADJUSTMENT_OPEN),
            Self::NumberKnown => {
                Problem::plain(&CLUE_EXISTS).at("/number", "此户编号已被使用。", "This number is in use.")
            }
            Self::Unfit { status } => {
                let status = status.map_or("none", |status| status.as_str());
                Problem::new(
                    &ADJUSTMENT_UNFIT,
                    format!("该户现为“{status}”，不适用此类调整。"),
                    format!("The household is \"{status}\" now; this kind of case is not for it."),
                )
            }
            Self::WrongState { from, step } => Problem::new(
                &problem::WRONG_STATE,
                format!("该动态调整处于“{from}”，不能进行“{step}”。"),
                format!("The case is \"{from}\"; it knows no step \"{step}\" now."),
            ),
            Self::NoQuorum => Problem::plain(&QUORUM_MISSING),
            Self::StillRunning { ends_on } => {
                let day = ends_on.map_or_else(|| "—".to_owned(), |day| day.to_string());
                Problem::new(
                    &PUBLICITY_RUNNING,
                    format!("公示期至 {day}，期满后方可上报。"),
                    format!("It hangs on the notice board until {day}."),
                )
            }
            Self::RiskRemains(unmet) => unmet.iter().fold(Problem::plain(&RISK_REMAINS), |refused, text| {
                refused.at("/household_id", text.zh.clone(), text.en.clone())
            }),
            Self::Answered => {
                Problem::new(&problem::WRONG_STATE, "该异议已处理。", "The objection was answered already.")
            }
            Self::Household(error) => error.problem(),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Secrecy(_) | Self::Unreadable(_) => Problem::internal(),
            Self::Database(error) => error.problem(),
        }
    }
}

/// A field at fault.
pub(super) fn fault(pointer: &str, zh: &'static str, en: &'static str) -> AdjustmentError {
    AdjustmentError::Fields(vec![FieldProblem { pointer: pointer.to_owned(), detail: problem::Text::new(zh, en) }])
}
