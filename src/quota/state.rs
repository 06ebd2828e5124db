//! The life of a filing. What is not listed is forbidden.
//!
//! Promises: two reviews, the superior's and the finance department's, in this order; a unit that stands directly
//! under the finance department has no superior to wait for; what is confirmed is opened again by an amendment only.

use entity::value::FilingState as State;
use std::fmt;

/// What can be done with a filing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The unit changes it.
    Change,
    /// The unit hands it in (提交).
    Submit,
    /// The unit above confirms it (主管单位审核).
    ConfirmAsSuperior,
    /// The finance department confirms it (财政部门审核).
    ConfirmAsFinance {
        /// Whether a supervising unit stands between it and the finance department.
        has_superior: bool,
    },
    /// Either sends it back with a reason (退回).
    Return,
    /// The unit opens it again with a document (申请调整).
    Amend,
}

impl Step {
    /// Its name in the audit and in the history.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Submit => "submit",
            Self::ConfirmAsSuperior => "confirm_as_superior",
            Self::ConfirmAsFinance { .. } => "confirm_as_finance",
            Self::Return => "return",
            Self::Amend => "amend",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The step does not exist in this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a filing that is {from} knows no step {step}")]
pub struct NoSuchStep {
    /// Where it is.
    pub from: State,
    /// What was wanted.
    pub step: Step,
}

/// Where a step leads.
///
/// # Errors
/// [`NoSuchStep`] for what is not listed.
pub fn next(from: State, step: Step) -> Result<State, NoSuchStep> {
    match (from, step) {
        (State::Draft | State::Returned, Step::Change) => Ok(from),
        (State::Draft | State::Returned, Step::Submit) => Ok(State::Submitted),
        (State::Submitted, Step::ConfirmAsSuperior) => Ok(State::SuperiorConfirmed),
        (State::Submitted, Step::ConfirmAsFinance { has_superior: false })
        | (State::SuperiorConfirmed, Step::ConfirmAsFinance { .. }) => Ok(State::FinanceConfirmed),
        (State::Submitted | State::SuperiorConfirmed, Step::Return) => Ok(State::Returned),
        (State::FinanceConfirmed, Step::Amend) => Ok(State::Draft),
        (from, step) => Err(NoSuchStep { from, step }),
    }
}
