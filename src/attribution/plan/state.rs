//! A plan's life.

use crate::attribution::error::PlanError;
use entity::value::PlanState;

/// What can happen to a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The county approves it.
    Approve,
    /// Another one of the same supplier is approved.
    Supersede,
}

/// Where a step leads; what is not listed is forbidden.
///
/// # Errors
/// [`PlanError::NoSuchStep`].
pub const fn next(from: PlanState, step: Step) -> Result<PlanState, PlanError> {
    match (from, step) {
        (PlanState::Proposed, Step::Approve) => Ok(PlanState::Approved),
        (PlanState::Approved, Step::Supersede) => Ok(PlanState::Superseded),
        (from, Step::Approve | Step::Supersede) => Err(PlanError::NoSuchStep { from }),
    }
}
