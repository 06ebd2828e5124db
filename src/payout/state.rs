//! The life of a batch. Pure: who may take a step is said by the access table, whether the step exists is said here.

use entity::value::PayoutBatchState as State;

/// What can be done with a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// A second person agrees (审批).
    Approve,
    /// A second person agrees to what households had before, and it is booked (复核入账).
    Confirm,
    /// The bank or the cashier has the money (送出).
    Send,
    /// Lines have an outcome (登记结果).
    Report,
    /// The last line has its outcome (完结).
    Close,
    /// Called off before money moved (取消).
    Cancel,
}

impl Step {
    /// Every step.
    pub const ALL: &[Self] = &[Self::Approve, Self::Confirm, Self::Send, Self::Report, Self::Close, Self::Cancel];

    /// What it is called in a refusal, in Chinese and English.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Approve => ("审批", "approved"),
            Self::Confirm => ("复核入账", "confirmed"),
            Self::Send => ("送出", "sent"),
            Self::Report => ("登记结果", "reported on"),
            Self::Close => ("完结", "closed"),
            Self::Cancel => ("取消", "cancelled"),
        }
    }
}

/// The step does not lead out of this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no step {step:?} from {from}")]
pub struct NoSuchStep {
    /// Where the batch is.
    pub from: State,
    /// What was tried.
    pub step: Step,
}

/// Where a step leads.
///
/// # Errors
/// [`NoSuchStep`] for whatever is not listed.
pub fn next(from: State, step: Step) -> Result<State, NoSuchStep> {
    match (from, step) {
        (State::Draft, Step::Approve) => Ok(State::Approved),
        (State::Draft, Step::Confirm) => Ok(State::Closed),
        (State::Approved, Step::Send) => Ok(State::Sent),
        (State::Sent, Step::Report) => Ok(State::Sent),
        (State::Sent, Step::Close) => Ok(State::Closed),
        (State::Draft | State::Approved, Step::Cancel) => Ok(State::Cancelled),
        (from, step) => Err(NoSuchStep { from, step }),
    }
}
