//! The life of a sale outside the platform. Pure: who may take a step is said by the access table.

use entity::value::{OffPlatformState as State, OffPlatformStep as Step};

/// The step does not lead out of this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no step {step} from {from}")]
pub struct NoSuchStep {
    /// Where the sale is.
    pub from: State,
    /// What was tried.
    pub step: Step,
}

/// Where a step leads.
///
/// # Errors
/// [`NoSuchStep`] for whatever is not listed.
pub const fn next(from: State, step: Step) -> Result<State, NoSuchStep> {
    match (from, step) {
        (State::Recorded, Step::Confirm) => Ok(State::Confirmed),
        (State::Recorded, Step::Refuse) => Ok(State::Refused),
        (State::Recorded, Step::Withdraw) => Ok(State::Withdrawn),
        (State::Confirmed, Step::Reverse) => Ok(State::Reversed),
        (from, step) => Err(NoSuchStep { from, step }),
    }
}

/// What a step is called in a refusal, in Chinese and English.
#[must_use]
pub const fn name_of(step: Step) -> (&'static str, &'static str) {
    match step {
        Step::Confirm => ("核实", "confirmed"),
        Step::Refuse => ("驳回", "refused"),
        Step::Withdraw => ("撤回", "withdrawn"),
        Step::Reverse => ("冲销", "reversed"),
    }
}
