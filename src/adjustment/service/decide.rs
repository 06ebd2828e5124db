//! What the township and the county decide.

use super::super::view::{AdjustmentWithSteps, SayToAdjustment};
use super::super::{AdjustmentError, Removal, store};
use super::{effect, lead, read, take};
use crate::access::policy::{DecideAdjustment as MayDecide, EndorseAdjustment as MayEndorse};
use crate::access::{Action, Grant, four_eyes};
use crate::db::Tx;
use crate::http::IfMatch;
use crate::secrecy::Secrets;
use entity::adjustment;
use entity::value::{AdjustmentId, AdjustmentKind, AdjustmentState, AdjustmentStep, business_date};

/// Takes a step that does nothing but lead on.
async fn only<A: Action>(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<A>,
    which: (AdjustmentId, IfMatch),
    (step, said): (AdjustmentStep, &SayToAdjustment),
) -> Result<AdjustmentWithSteps, AdjustmentError> {
    let held = lead(tx, grant, which, step).await?;
    go_on(tx, secrets, grant, held, (step, said)).await
}

/// Takes a step of a case that is held, and changes nothing but its state.
async fn go_on<A: Action>(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<A>,
    (row, state): (adjustment::Model, AdjustmentState),
    (step, said): (AdjustmentStep, &SayToAdjustment),
) -> Result<AdjustmentWithSteps, AdjustmentError> {
    let before = row.state;
    let now = take(tx, grant, (step, Some(said.text.as_str())), before, adjustment::Model { state, ..row }).await?;
    read::show_row(tx, secrets, now, business_date(tx.now())).await
}

/// The township agrees.
///
/// # Errors
/// Not found, stale, not before the township.
pub(in crate::adjustment) async fn endorse(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<MayEndorse>,
    which: (AdjustmentId, IfMatch),
    said: &SayToAdjustment,
) -> Result<AdjustmentWithSteps, AdjustmentError> {
    only(tx, secrets, grant, which, (AdjustmentStep::Endorse, said)).await
}

/// The township returns a case to the village with a reason, from wherever it is before it is publicised or after.
///
/// # Errors
/// Not found, stale, nothing to return from here.
pub(in crate::adjustment) async fn return_to_village(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<MayEndorse>,
    which: (AdjustmentId, IfMatch),
    said: &SayToAdjustment,
) -> Result<AdjustmentWithSteps, AdjustmentError> {
    only(tx, secrets, grant, which, (AdjustmentStep::Return, said)).await
}

/// The county returns a case to the village with a reason.
///
/// # Errors
/// Not found, stale, not before the county.
pub(in crate::adjustment) async fn send_back(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<MayDecide>,
    which: (AdjustmentId, IfMatch),
    said: &SayToAdjustment,
) -> Result<AdjustmentWithSteps, AdjustmentError> {
    only(tx, secrets, grant, which, (AdjustmentStep::SendBack, said)).await
}

/// Refuses whoever had a hand in the case before it came to the county.
async fn require_apart(tx: &Tx, grant: &Grant<MayDecide>, id: AdjustmentId) -> Result<(), AdjustmentError> {
    let steps = store::steps_of(tx, id).await?;
    // Whoever sent it back or answered an objection for the county decided then as now.
    let deciding = |step| matches!(step, AdjustmentStep::SendBack | AdjustmentStep::Answer);
    let hands = steps.into_iter().filter(|step| !deciding(step.step)).map(|step| step.taken_by);
    Ok(four_eyes::apart(hands, grant.person()?)?)
}

/// The county refuses: the case ends.
///
/// # Errors
/// Not found, stale, not before the county; one's own case.
pub(in crate::adjustment) async fn refuse(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<MayDecide>,
    which: (AdjustmentId, IfMatch),
    said: &SayToAdjustment,
) -> Result<AdjustmentWithSteps, AdjustmentError> {
    let held = lead(tx, grant, which, AdjustmentStep::Refuse).await?;
    require_apart(tx, grant, held.0.id).await?;
    go_on(tx, secrets, grant, held, (AdjustmentStep::Refuse, said)).await
}

/// The county approves: the register says so from now on, or from the day it happened.
///
/// # Errors
/// Not found, stale, not before the county; one's own case; a risk that is not gone; the register refuses.
pub(in crate::adjustment) async fn approve(
    tx: &Tx,
    (secrets, removal): (&Secrets, &Removal),
    grant: &Grant<MayDecide>,
    which: (AdjustmentId, IfMatch),
    said: &SayToAdjustment,
) -> Result<AdjustmentWithSteps, AdjustmentError> {
    let (row, state) = lead(tx, grant, which, AdjustmentStep::Approve).await?;
    require_apart(tx, grant, row.id).await?;
    let today = business_date(tx.now());
    if let (AdjustmentKind::RiskRemoval, Some(household)) = (row.kind, row.household_id) {
        removal.require(tx, household, &row.county_code).await?;
    }
    let effective_on = row.happened_on.unwrap_or(today);
    let made = effect::enter(tx, secrets, &row, (effective_on, grant.person()?)).await?;
    let before = row.state;
    let now = adjustment::Model { state, effective_on: Some(effective_on), result_household_id: made, ..row };
    let now = take(tx, grant, (AdjustmentStep::Approve, Some(said.text.as_str())), before, now).await?;
    read::show_row(tx, secrets, now, today).await
}
