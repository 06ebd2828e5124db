//! A product's life. What is not listed is forbidden.
//!
//! Promises: nothing is on the shelf that was not reviewed as it is. Changing the content of a product on the shelf
//! sends it back into review, and of one that was taken down or delisted, back to a draft. A new price and new stock
//! are no change of content: they keep the state.

use entity::value::ProductState as State;
use std::fmt;

/// What can be done with a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Its supplier changes its content.
    Change,
    /// Its supplier hands it in for review (提交审核).
    Submit,
    /// The platform lets it on the shelf (审核通过).
    Approve,
    /// The platform approves it, and its supplier puts it on the shelf later (审核通过，待上架).
    MakeReady,
    /// The platform refuses it (驳回).
    Reject,
    /// Its supplier takes it down (下架).
    TakeOff,
    /// Its supplier puts it back unchanged (上架).
    PutOn,
    /// The platform takes it down (强制下架).
    Delist,
    /// The house takes it down while something it rests on does not hold (暂停).
    Hold,
    /// The house puts it back once that holds again (恢复).
    Resume,
}

impl Step {
    /// Every step there is.
    pub const ALL: &[Self] = &[
        Self::Change,
        Self::Submit,
        Self::Approve,
        Self::MakeReady,
        Self::Reject,
        Self::TakeOff,
        Self::PutOn,
        Self::Delist,
        Self::Hold,
        Self::Resume,
    ];

    /// Its name in the audit and in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Submit => "submit",
            Self::Approve => "approve",
            Self::MakeReady => "make_ready",
            Self::Reject => "reject",
            Self::TakeOff => "take_off",
            Self::PutOn => "put_on",
            Self::Delist => "delist",
            Self::Hold => "hold",
            Self::Resume => "resume",
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
#[error("a product that is {from} knows no step {step}")]
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
        // A reviewer who has read the older content is refused by its version.
        (State::Draft | State::Rejected | State::InReview, Step::Change) => Ok(from),
        (State::OnShelf, Step::Change) => Ok(State::InReview),
        (State::OffShelf | State::Delisted | State::Ready, Step::Change) => Ok(State::Draft),
        (State::Draft | State::Rejected | State::Delisted, Step::Submit) => Ok(State::InReview),
        (State::InReview, Step::Approve) => Ok(State::OnShelf),
        (State::InReview, Step::MakeReady) => Ok(State::Ready),
        (State::InReview, Step::Reject) => Ok(State::Rejected),
        (State::OnShelf, Step::TakeOff | Step::Hold) => Ok(State::OffShelf),
        (State::OffShelf | State::Ready, Step::PutOn) | (State::OffShelf, Step::Resume) => Ok(State::OnShelf),
        (State::OnShelf | State::OffShelf | State::Ready, Step::Delist) => Ok(State::Delisted),
        (from, step) => Err(NoSuchStep { from, step }),
    }
}
