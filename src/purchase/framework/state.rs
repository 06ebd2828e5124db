//! The life of a framework agreement: pure.

use entity::value::FrameworkState as State;

/// What can be done with an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The supplier agrees (确认).
    Agree,
    /// The supplier declines (谢绝).
    Decline,
    /// Either side ends it (终止).
    End,
    /// The buyer calls something off (要货).
    CallOff,
}

/// The step does not lead out of this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no step {step:?} from {from}")]
pub struct NoSuchStep {
    /// Where the agreement is.
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
        (State::Proposed, Step::Agree) | (State::Active, Step::CallOff) => Ok(State::Active),
        (State::Proposed, Step::Decline) => Ok(State::Declined),
        (State::Proposed | State::Active, Step::End) => Ok(State::Ended),
        (from, step) => Err(NoSuchStep { from, step }),
    }
}
