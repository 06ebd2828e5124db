//! An application's life. What is not listed is forbidden.
//!
//! Promises: three reviews in one order, each by its own reviewer; any of them can send the application back; who is admitted can
//! be suspended and reinstated, or struck off, after which all reviews are needed again.
//! Knows nobody: who may act for a reviewer is said by the policy table.

use entity::value::AdmissionState as State;
use std::fmt;

/// Who reviews (审核方).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reviewer {
    /// The county's agriculture office (县级农业农村部门).
    Agriculture,
    /// The county's rural-revitalisation office (县级乡村振兴部门).
    Revitalisation,
    /// The platform (平台).
    Platform,
}

/// What can be done with an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The applicant changes it or its documents.
    Change,
    /// The applicant hands it in (提交).
    Submit,
    /// A reviewer recommends or approves it (推荐、通过).
    Favour(Reviewer),
    /// A reviewer sends it back with a reason (退回).
    Return(Reviewer),
    /// The supplier puts a newer paper in the place of one (换证).
    Renew,
    /// The platform, or the house on the day a paper ends, holds the supplier back (暂停).
    Suspend,
    /// What it was suspended for is over (恢复).
    Reinstate,
    /// The platform strikes the supplier off, for a time or for good (清退).
    Remove,
    /// After that time the platform lets it apply again (准予重新申请).
    Readmit,
}

impl Step {
    /// Every step there is.
    pub const ALL: &[Self] = &[
        Self::Change,
        Self::Submit,
        Self::Favour(Reviewer::Agriculture),
        Self::Favour(Reviewer::Revitalisation),
        Self::Favour(Reviewer::Platform),
        Self::Return(Reviewer::Agriculture),
        Self::Return(Reviewer::Revitalisation),
        Self::Return(Reviewer::Platform),
        Self::Renew,
        Self::Suspend,
        Self::Reinstate,
        Self::Remove,
        Self::Readmit,
    ];

    /// Its name in the audit and in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Submit => "submit",
            Self::Favour(Reviewer::Agriculture) => "recommend_as_agriculture",
            Self::Favour(Reviewer::Revitalisation) => "recommend_as_revitalisation",
            Self::Favour(Reviewer::Platform) => "approve",
            Self::Return(Reviewer::Agriculture) => "return_as_agriculture",
            Self::Return(Reviewer::Revitalisation) => "return_as_revitalisation",
            Self::Return(Reviewer::Platform) => "return_as_platform",
            Self::Renew => "renew",
            Self::Suspend => "suspend",
            Self::Reinstate => "reinstate",
            Self::Remove => "remove",
            Self::Readmit => "readmit",
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
#[error("an application that is {from} knows no step {step}")]
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
        (State::Draft | State::Returned, Step::Change) => Ok(from),
        (State::Draft | State::Returned, Step::Submit) => Ok(State::Submitted),
        (State::Submitted, Step::Favour(Reviewer::Agriculture)) => Ok(State::AgricultureRecommended),
        (State::AgricultureRecommended, Step::Favour(Reviewer::Revitalisation)) => Ok(State::RevitalisationRecommended),
        (State::RevitalisationRecommended, Step::Favour(Reviewer::Platform)) => Ok(State::Active),
        (State::Submitted, Step::Return(Reviewer::Agriculture))
        | (State::AgricultureRecommended, Step::Return(Reviewer::Revitalisation))
        | (State::RevitalisationRecommended, Step::Return(Reviewer::Platform)) => Ok(State::Returned),
        (State::Active | State::Suspended, Step::Renew) => Ok(from),
        (State::Active, Step::Suspend) => Ok(State::Suspended),
        (State::Suspended, Step::Reinstate) => Ok(State::Active),
        (State::Active | State::Suspended, Step::Remove) => Ok(State::Removed),
        (State::Removed, Step::Readmit) => Ok(State::Returned),
        (from, step) => Err(NoSuchStep { from, step }),
    }
}
