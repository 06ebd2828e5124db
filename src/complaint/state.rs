//! The life of a complaint. Pure.

use entity::value::ComplaintState as State;

/// What can be done with a complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The other side answers (答复).
    Answer,
    /// Whoever complained accepts the answer (和解).
    Settle,
    /// Whoever complained does not, or the answer did not come in time (提交平台).
    Escalate,
    /// The platform decides (裁定).
    Decide,
    /// Whoever complained takes it back (撤回).
    Withdraw,
}

impl Step {
    /// Every step.
    pub const ALL: &[Self] = &[Self::Answer, Self::Settle, Self::Escalate, Self::Decide, Self::Withdraw];

    /// The word it is kept and shown as.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Settle => "settle",
            Self::Escalate => "escalate",
            Self::Decide => "decide",
            Self::Withdraw => "withdraw",
        }
    }
}

/// Where a step leads; nowhere when it does not exist.
#[must_use]
pub fn next(from: State, step: Step) -> Option<State> {
    match (from, step) {
        (State::Open, Step::Answer) => Some(State::Answered),
        (State::Open | State::Answered, Step::Settle) => Some(State::Settled),
        (State::Answered, Step::Escalate) => Some(State::Escalated),
        (State::Escalated, Step::Decide) => Some(State::Decided),
        (State::Open | State::Answered | State::Escalated, Step::Withdraw) => Some(State::Withdrawn),
        _ => None,
    }
}

/// Where the clock leads when no answer came in time.
#[must_use]
pub fn unanswered(from: State) -> Option<State> {
    (from == State::Open).then_some(State::Escalated)
}
