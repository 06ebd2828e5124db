//! The life of a demand: pure.

use entity::value::DemandState as State;

/// What can be done with a demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// A supplier hands in, replaces or withdraws a quotation (报价).
    Quote,
    /// The buyer opens the quotations (开标).
    Open,
    /// Too few answered (流标).
    Fail,
    /// The buyer chooses one (成交).
    Award,
    /// The buyer calls it off (取消).
    Cancel,
}

/// The step does not lead out of this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no step {step:?} from {from}")]
pub struct NoSuchStep {
    /// Where the demand is.
    pub from: State,
    /// What was tried.
    pub step: Step,
}

/// Where a step leads. An award may be made again when nothing came of it; whether nothing did is for the act to see.
///
/// # Errors
/// [`NoSuchStep`] for whatever is not listed.
pub fn next(from: State, step: Step) -> Result<State, NoSuchStep> {
    match (from, step) {
        (State::Published, Step::Quote) => Ok(State::Published),
        (State::Published, Step::Open) => Ok(State::Opened),
        (State::Published, Step::Fail) => Ok(State::Failed),
        (State::Opened | State::Awarded, Step::Award) => Ok(State::Awarded),
        (State::Published | State::Opened, Step::Cancel) => Ok(State::Cancelled),
        (from, step) => Err(NoSuchStep { from, step }),
    }
}
