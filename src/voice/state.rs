//! The life of a dispute. Pure.

use entity::value::DisputeState as State;

/// What can be done with a dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The cooperative answers, with evidence (答复).
    Answer,
    /// The county finds that the household is right (成立).
    Uphold,
    /// The county finds that the entry stands (不成立).
    Reject,
    /// The household takes it back (撤回).
    Withdraw,
}

impl Step {
    /// Every step.
    pub const ALL: &[Self] = &[Self::Answer, Self::Uphold, Self::Reject, Self::Withdraw];

    /// What it is called in a refusal, in Chinese and English.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Answer => ("答复", "answered"),
            Self::Uphold => ("裁定成立", "upheld"),
            Self::Reject => ("裁定不成立", "rejected"),
            Self::Withdraw => ("撤回", "withdrawn"),
        }
    }
}

/// The step does not lead out of this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no step {step:?} from {from}")]
pub struct NoSuchStep {
    /// Where the dispute is.
    pub from: State,
    /// What was tried.
    pub step: Step,
}

/// Where a step leads. A cooperative that lets its day pass is not waited for: the county decides without its answer.
///
/// # Errors
/// [`NoSuchStep`] for whatever is not listed.
pub fn next(from: State, step: Step, is_overdue: bool) -> Result<State, NoSuchStep> {
    match (from, step) {
        (State::Open, Step::Answer) => Ok(State::Answered),
        (State::Open, Step::Uphold) if is_overdue => Ok(State::Upheld),
        (State::Open, Step::Reject) if is_overdue => Ok(State::Rejected),
        (State::Answered, Step::Uphold) => Ok(State::Upheld),
        (State::Answered, Step::Reject) => Ok(State::Rejected),
        (State::Open | State::Answered, Step::Withdraw) => Ok(State::Withdrawn),
        (from, step) => Err(NoSuchStep { from, step }),
    }
}
