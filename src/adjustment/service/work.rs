//! What the village and the township do: the visit, the vote, the notice board, handing on.

use super::super::error::fault;
use super::super::publicity::{Run, reason_of};
use super::super::terms::{self, Vote};
use super::super::view::{
    AdjustmentWithSteps, CheckAdjustment, PubliciseAdjustment, ReviewAdjustment, SayToAdjustment, run_of,
};
use super::super::{AdjustmentError, sealed, store};
use super::{lead, number_after, read, take};
use crate::access::Grant;
use crate::access::policy::{CheckAdjustment as MayCheck, ReviewAdjustment as MayReview};
use crate::db::Tx;
use crate::http::IfMatch;
use crate::secrecy::Secrets;
use crate::{document, household};
use entity::value::person::mask_name;
use entity::value::{AdjustmentId, AdjustmentState, AdjustmentStep, Relation, business_date};
use entity::{adjustment, adjustment_check, adjustment_publicity, adjustment_review};

/// A visit bears the clue out; the household gave its consent.
///
/// # Errors
/// Not found, stale, not in this state; a day in the future; a file that is not one's own.
pub(in crate::adjustment) async fn check(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<MayCheck>,
    which: (AdjustmentId, IfMatch),
    wanted: &CheckAdjustment,
) -> Result<AdjustmentWithSteps, AdjustmentError> {
    let (row, state) = lead(tx, grant, which, AdjustmentStep::Check).await?;
    let today = business_date(tx.now());
    for (pointer, day) in [("/visited_on", wanted.visited_on), ("/consented_on", wanted.consented_on)] {
        if day > today {
            return Err(fault(pointer, "日期不能晚于今天。", "The day is not in the future."));
        }
    }
    document::require_own(tx, grant.organisation()?, &[wanted.consent_file_id]).await?;
    let visit = adjustment_check::Model {
        adjustment_id: row.id,
        number: number_after(&row),
        visited_on: wanted.visited_on,
        visitors: wanted.visitors.as_str().to_owned(),
        consented_on: wanted.consented_on,
        consent_file_id: wanted.consent_file_id,
        findings: wanted.findings.as_str().to_owned(),
        created_at: tx.now(),
    };
    store::insert_check(tx, visit).await?;
    let before = row.state;
    let now = take(tx, grant, (AdjustmentStep::Check, None), before, adjustment::Model { state, ..row }).await?;
    read::show_row(tx, secrets, now, today).await
}

/// A visit does not bear the clue out: the case ends.
///
/// # Errors
/// Not found, stale, not in this state.
pub(in crate::adjustment) async fn dismiss(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<MayCheck>,
    which: (AdjustmentId, IfMatch),
    said: &SayToAdjustment,
) -> Result<AdjustmentWithSteps, AdjustmentError> {
    let (row, state) = lead(tx, grant, which, AdjustmentStep::Dismiss).await?;
    let (before, text) = (row.state, Some(said.text.as_str()));
    let now = take(tx, grant, (AdjustmentStep::Dismiss, text), before, adjustment::Model { state, ..row }).await?;
    read::show_row(tx, secrets, now, business_date(tx.now())).await
}

/// The villagers' representatives vote; what they do not carry ends.
///
/// # Errors
/// Not found, stale, not in this state; votes that do not add up; too few who came; a file that is not one's own.
pub(in crate::adjustment) async fn review(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<MayReview>,
    which: (AdjustmentId, IfMatch),
    wanted: &ReviewAdjustment,
) -> Result<AdjustmentWithSteps, AdjustmentError> {
    let (row, state) = lead(tx, grant, which, AdjustmentStep::Review).await?;
    let ReviewAdjustment { held_on, eligible, present, in_favour, against, abstained, minutes_file_id } = *wanted;
    let (vote, today) = (Vote { eligible, present, in_favour, against, abstained }, business_date(tx.now()));
    if held_on > today {
        return Err(fault("/held_on", "日期不能晚于今天。", "The day is not in the future."));
    }
    if !terms::adds_up(vote) || !(1..=10_000).contains(&eligible) {
        let zh = "赞成、反对、弃权之和应等于实到人数，实到不多于应到。";
        return Err(fault("/present", zh, "The votes add up to those who came, who are no more than may vote."));
    }
    if !terms::has_quorum(vote) {
        return Err(AdjustmentError::NoQuorum);
    }
    document::require_own(tx, grant.organisation()?, &[minutes_file_id]).await?;
    let is_passed = terms::is_passed(vote);
    let meeting = adjustment_review::Model {
        adjustment_id: row.id,
        number: number_after(&row),
        held_on,
        eligible,
        present,
        in_favour,
        against,
        abstained,
        is_passed,
        minutes_file_id,
        created_at: tx.now(),
    };
    store::insert_review(tx, meeting).await?;
    let (before, state) = (row.state, if is_passed { state } else { AdjustmentState::Rejected });
    let now = take(tx, grant, (AdjustmentStep::Review, None), before, adjustment::Model { state, ..row }).await?;
    read::show_row(tx, secrets, now, today).await
}

/// Puts a case on the notice board, once: a few fixed fields, as they are on that day.
///
/// # Errors
/// Not found, stale, not in this state.
pub(in crate::adjustment) async fn publicise(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<MayReview>,
    which: (AdjustmentId, IfMatch),
    wanted: &PubliciseAdjustment,
) -> Result<AdjustmentWithSteps, AdjustmentError> {
    let (row, state) = lead(tx, grant, which, AdjustmentStep::Publicise).await?;
    let today = business_date(tx.now());
    let (head_name, people) = head_and_people(tx, secrets, &row).await?;
    let notice = adjustment_publicity::Model {
        adjustment_id: row.id,
        village_id: row.village_id,
        kind: row.kind,
        status: row.status,
        reason: reason_of(row.kind, row.cause),
        head_name,
        people,
        posted_on: today,
        place: wanted.place.as_str().to_owned(),
        created_at: tx.now(),
    };
    store::insert_publicity(tx, notice).await?;
    let Run { ran_days, running_since } = Run::begun(today);
    let before = row.state;
    let now = adjustment::Model { state, ran_days, running_since, ..row };
    let now = take(tx, grant, (AdjustmentStep::Publicise, None), before, now).await?;
    read::show_row(tx, secrets, now, today).await
}

/// The head's name, masked, and how many people the household has; of one that is not in the register, those who are to
/// be it.
async fn head_and_people(
    tx: &Tx,
    secrets: &Secrets,
    row: &adjustment::Model,
) -> Result<(String, i32), AdjustmentError> {
    if let Some(id) = row.household_id {
        let household = household::find(tx, id).await?.ok_or(AdjustmentError::NotFound)?;
        return Ok((mask_name(&household.head_name), household.people));
    }
    let people = store::people_of(tx, row.id).await?;
    let mut name = String::new();
    for person in people.iter().filter(|person| person.relation == Some(Relation::Head)) {
        if let Some(cipher) = &person.person_cipher {
            name = mask_name(sealed::open(secrets, person.id, cipher)?.name.trim());
        }
    }
    Ok((name, i32::try_from(people.len()).unwrap_or(i32::MAX)))
}

/// Hands a case to the township: from the notice board when it hung there long enough, or mended after it was returned.
///
/// # Errors
/// Not found, stale, not in this state; it has not hung there long enough.
pub(in crate::adjustment) async fn submit(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<MayReview>,
    which: (AdjustmentId, IfMatch),
    said: &SayToAdjustment,
) -> Result<AdjustmentWithSteps, AdjustmentError> {
    let (row, state) = lead(tx, grant, which, AdjustmentStep::Submit).await?;
    let (today, run) = (business_date(tx.now()), run_of(&row));
    if !run.is_over(today) {
        return Err(AdjustmentError::StillRunning { ends_on: run.ends_on() });
    }
    let before = row.state;
    let Run { ran_days, running_since } = run.stopped(today);
    let now = adjustment::Model { state, ran_days, running_since, ..row };
    let now = take(tx, grant, (AdjustmentStep::Submit, Some(said.text.as_str())), before, now).await?;
    read::show_row(tx, secrets, now, today).await
}
