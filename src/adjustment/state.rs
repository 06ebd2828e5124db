//! The life of a case. Pure: who may take a step is said by the table of rights.

use entity::value::{AdjustmentState as State, AdjustmentStep as Step};

/// Where a step leads when it goes well; nowhere when it does not exist.
///
/// A vote that fails, an objection that is upheld, lead to [`State::Rejected`] from wherever the step exists.
#[must_use]
pub fn next(from: State, step: Step) -> Option<State> {
    match (from, step) {
        (State::Clue, Step::Check) | (State::Reviewed, Step::Return) => Some(State::Checked),
        (State::Clue, Step::Dismiss) => Some(State::Dismissed),
        (State::Checked, Step::Review) => Some(State::Reviewed),
        (State::Checked, Step::Return) => Some(State::Clue),
        (State::Reviewed, Step::Publicise) | (State::Objected, Step::Answer) => Some(State::Publicised),
        (State::Publicised | State::Objected, Step::Object) => Some(State::Objected),
        (State::Publicised | State::Returned, Step::Submit) => Some(State::AtTownship),
        (State::AtTownship, Step::Endorse) => Some(State::AtCounty),
        (State::AtTownship, Step::Return) | (State::AtCounty, Step::SendBack) => Some(State::Returned),
        // What was returned may be visited and voted on again; the notice board sees it once.
        (State::Returned, Step::Check | Step::Review) => Some(State::Returned),
        (State::AtCounty, Step::Approve) => Some(State::Effective),
        (State::AtCounty, Step::Refuse) => Some(State::Rejected),
        (State::Clue | State::Checked | State::Reviewed | State::Publicised | State::Returned, Step::Withdraw) => {
            Some(State::Withdrawn)
        }
        _ => None,
    }
}

/// Whether nothing leads on from here.
#[must_use]
pub fn is_closed(state: State) -> bool {
    matches!(state, State::Effective | State::Dismissed | State::Rejected | State::Withdrawn)
}
