//! The life of what was entered. What is not listed is forbidden.

use entity::value::AidState as State;

/// What can be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The village committee confirms that it came (村委会确认).
    Confirm,
    /// The county verifies it (县级核实).
    Verify,
    /// Either rejects it, with a reason (驳回).
    Reject,
}

impl Step {
    /// Its name in the audit.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "aid.confirm",
            Self::Verify => "aid.verify",
            Self::Reject => "aid.reject",
        }
    }
}

/// Where a step leads; nowhere when it does not exist.
#[must_use]
pub const fn next(from: State, step: Step) -> Option<State> {
    match (from, step) {
        (State::Entered, Step::Confirm) => Some(State::VillageConfirmed),
        (State::VillageConfirmed, Step::Verify) => Some(State::CountyVerified),
        (State::Entered | State::VillageConfirmed, Step::Reject) => Some(State::Rejected),
        _ => None,
    }
}
