//! Objections while a case is publicised: they stop its clocks until somebody above the village answers.

use super::super::event::AdjustmentObjected;
use super::super::publicity::Run;
use super::super::view::{AdjustmentWithSteps, AnswerAdjustmentObjection, ObjectToAdjustment, run_of};
use super::super::{AdjustmentError, store};
use super::{lead, read, take};
use crate::access::Grant;
use crate::access::policy::{AnswerAdjustmentObjection as MayAnswer, ObjectToAdjustment as MayObject};
use crate::db::Tx;
use crate::http::IfMatch;
use crate::organisation;
use crate::secrecy::Secrets;
use chrono::Days;
use entity::value::{
    AdjustmentId, AdjustmentObjectionId, AdjustmentState, AdjustmentStep, ObjectionOutcome, OrganisationKind, Overflow,
    business_date,
};
use entity::{adjustment, adjustment_objection};

/// Enters what somebody says against a case; its clocks stand still, and the county is told.
///
/// # Errors
/// Not found, stale, not on the notice board.
pub(in crate::adjustment) async fn object(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<MayObject>,
    which: (AdjustmentId, IfMatch),
    wanted: &ObjectToAdjustment,
) -> Result<AdjustmentWithSteps, AdjustmentError> {
    let (row, state) = lead(tx, grant, which, AdjustmentStep::Object).await?;
    let today = business_date(tx.now());
    let objection = adjustment_objection::Model {
        id: AdjustmentObjectionId::generate(),
        adjustment_id: row.id,
        raised_on: today,
        text: wanted.text.as_str().to_owned(),
        entered_by: grant.person()?,
        created_at: tx.now(),
        outcome: None,
        answer: None,
        answered_by: None,
        answered_at: None,
    };
    store::insert_objection(tx, objection).await?;
    let office = organisation::find_seated(tx, OrganisationKind::RevitalisationOffice, &row.county_code).await?;
    if let Some(office) = office {
        let (number, village) = (row.number.clone(), row.village_id);
        tx.emit(&AdjustmentObjected { adjustment: row.id, number, village, office: office.id }).await?;
    }
    let before = row.state;
    let Run { ran_days, running_since } = run_of(&row).stopped(today);
    let stopped_on = row.stopped_on.or(Some(today));
    let now = adjustment::Model { state, ran_days, running_since, stopped_on, ..row };
    let now = take(tx, grant, (AdjustmentStep::Object, None), before, now).await?;
    read::show_row(tx, secrets, now, today).await
}

/// Answers an objection. When it is so, the case ends; when it is not and no other is open, the clocks go on, and the
/// day of the decision moves on by the days on which they stood still.
///
/// # Errors
/// Not found, stale, answered before.
pub(in crate::adjustment) async fn answer(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<MayAnswer>,
    (id, objection, seen): (AdjustmentId, AdjustmentObjectionId, IfMatch),
    wanted: &AnswerAdjustmentObjection,
) -> Result<AdjustmentWithSteps, AdjustmentError> {
    // What was never raised is not there, whatever the state of the case; what was, is read again once the case is held.
    if store::objections_of(tx, id).await?.iter().all(|one| one.id != objection) {
        return Err(AdjustmentError::NotFound);
    }
    let (row, state) = lead(tx, grant, (id, seen), AdjustmentStep::Answer).await?;
    let objections = store::objections_of(tx, id).await?;
    let answered = objections.iter().find(|one| one.id == objection).ok_or(AdjustmentError::NotFound)?;
    if answered.outcome.is_some() {
        return Err(AdjustmentError::Answered);
    }
    let text = wanted.text.as_str();
    store::answer(tx, objection, (wanted.outcome, text), (grant.person()?, tx.now())).await?;
    let (before, today) = (row.state, business_date(tx.now()));
    let others_open = objections.iter().any(|one| one.id != objection && one.outcome.is_none());
    let now = match (wanted.outcome, others_open) {
        (ObjectionOutcome::Upheld, _) => {
            adjustment::Model { state: AdjustmentState::Rejected, stopped_on: None, ..row }
        }
        (ObjectionOutcome::NotUpheld, true) => row,
        (ObjectionOutcome::NotUpheld, false) => {
            let still = row.stopped_on.map_or(0, |since| (today - since).num_days());
            let still = Days::new(u64::try_from(still).unwrap_or(0));
            let due_on = row.due_on.checked_add_days(still).ok_or(Overflow)?;
            let Run { ran_days, running_since } = run_of(&row).resumed(today);
            adjustment::Model { state, ran_days, running_since, due_on, stopped_on: None, ..row }
        }
    };
    let now = take(tx, grant, (AdjustmentStep::Answer, Some(text)), before, now).await?;
    read::show_row(tx, secrets, now, today).await
}
