//! What can go wrong with rules, clues and measures.

use crate::access::AccessError;
use crate::adjustment::AdjustmentError;
use crate::document::DocumentError;
use crate::problem::{self, Describe, FieldProblem, Kind, Problem, Text};
use crate::welfare::WelfareError;
use entity::value::Overflow;
use sea_orm::DbErr;

problem::kinds! {
    RULE_UNTRIED = 409 "rule_untried", "监测规则尚未试算", "The rule was not tried",
        "请先对过去一段时间试算（POST /api/v1/monitoring-rules/{id}/trials），再启用。",
        "Try it over the past first (POST /api/v1/monitoring-rules/{id}/trials).";
    CLUE_NEEDS_CASE = 422 "clue_needs_case", "非监测对象的线索应转为动态调整",
        "A clue about a household that is not monitored becomes a case",
        "请填写拟认定的类型与致贫返贫原因，不填写帮扶措施。", "Say what the household is to be and why, and name no measure.";
    CLUE_NEEDS_MEASURE = 422 "clue_needs_measure", "监测对象的线索应以帮扶措施处置",
        "A clue about a monitored household is answered by a measure",
        "请先登记帮扶措施（POST /api/v1/households/{id}/measures），再填写其编号。",
        "Enter a measure first (POST /api/v1/households/{id}/measures) and name it.";
    MEASURE_UNFIT = 409 "measure_unfit", "该户不是监测对象", "The household is not monitored",
        "帮扶措施针对监测对象，请先完成识别。", "Measures are for monitored households; finish the identification first.";
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum MonitoringError {
    /// There is no such thing, or it is out of reach.
    #[error("no such thing in reach")]
    NotFound,
    /// Somebody changed it meanwhile.
    #[error("it changed meanwhile")]
    Stale,
    /// Fields that are not acceptable.
    #[error("{} fields are not acceptable", .0.len())]
    Fields(Vec<FieldProblem>),
    /// Its state does not allow it.
    #[error("not in the state {0}")]
    WrongState(&'static str),
    /// The rule was not tried.
    #[error("the rule was not tried")]
    Untried,
    /// The clue becomes a case.
    #[error("the clue needs a case")]
    NeedsCase,
    /// The clue is answered by a measure.
    #[error("the clue needs a measure")]
    NeedsMeasure,
    /// The household is not monitored.
    #[error("the household is not monitored")]
    NotMonitored,
    /// The figures.
    #[error(transparent)]
    Welfare(#[from] WelfareError),
    /// The case.
    #[error(transparent)]
    Adjustment(#[from] AdjustmentError),
    /// The files.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// Access.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A sum, or a day beyond the calendar.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// What was kept as JSON is none.
    #[error("reading what was kept")]
    Unreadable(#[from] serde_json::Error),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for MonitoringError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::Stale => Problem::plain(&problem::STALE),
            Self::Fields(errors) => {
                let mut refused = Problem::plain(&problem::INVALID_FIELDS);
                refused.errors.clone_from(errors);
                refused
            }
            Self::WrongState(state) => Problem::new(
                &problem::WRONG_STATE,
                format!("现为“{state}”，不能进行此操作。"),
                format!("It is \"{state}\" now; this cannot be done."),
            ),
            Self::Untried => Problem::plain(&RULE_UNTRIED),
            Self::NeedsCase => Problem::plain(&CLUE_NEEDS_CASE),
            Self::NeedsMeasure => Problem::plain(&CLUE_NEEDS_MEASURE),
            Self::NotMonitored => Problem::plain(&MEASURE_UNFIT),
            Self::Welfare(error) => error.problem(),
            Self::Adjustment(error) => error.problem(),
            Self::Document(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Overflow(error) => error.problem(),
            Self::Unreadable(_) => Problem::internal(),
            Self::Database(error) => error.problem(),
        }
    }
}

/// A field at fault.
pub(super) fn fault(pointer: &str, zh: &'static str, en: &'static str) -> FieldProblem {
    FieldProblem { pointer: pointer.to_owned(), detail: Text::new(zh, en) }
}
