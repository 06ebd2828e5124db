//! The life of a report that was asked for: pure. What is not listed is forbidden.

use entity::value::ReportState as State;

/// How often a report is tried before it is given up, by itself or by workers that died over it.
pub const MOST_ATTEMPTS: i32 = 5;

/// What can happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A worker takes it: for the first time, after another one that died, or because an operator had it done again.
    Begin,
    /// It did not work out and is tried again later.
    PutOff,
    /// It is done (已生成).
    Finish,
    /// It was tried often enough, or will never work (放弃).
    GiveUp,
    /// Whoever asked for it asks again (重新生成).
    AskAgain,
}

/// Where a step leads; nowhere when it does not exist.
#[must_use]
pub const fn next(from: State, step: Step) -> Option<State> {
    match (from, step) {
        (State::Waiting | State::Running | State::Failed, Step::Begin) => Some(State::Running),
        (State::Running, Step::PutOff) | (State::Failed, Step::AskAgain) => Some(State::Waiting),
        (State::Running, Step::Finish) => Some(State::Done),
        (State::Running, Step::GiveUp) => Some(State::Failed),
        _ => None,
    }
}

/// What becomes of an attempt that failed: it is given up when it can never work or was the last one.
#[must_use]
pub const fn after_failure(attempts: i32, may_pass: bool) -> Step {
    if may_pass && attempts < MOST_ATTEMPTS { Step::PutOff } else { Step::GiveUp }
}
