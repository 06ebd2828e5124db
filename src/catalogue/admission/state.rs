//! An application's life. What is not listed is forbidden.
//!
//! Promises: three reviews in one order, each by its own reviewer; any of them can send the application back.
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
        (from, step) => Err(NoSuchStep { from, step }),
    }
}
