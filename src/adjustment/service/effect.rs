//! What a decided case does to the register, in the transaction of the decision.

use super::super::{AdjustmentError, sealed, store};
use super::open::require_fit;
use crate::db::{Change, Tx};
use crate::household;
use crate::household::history::{self, Founding, Move, Origin, Presence};
use crate::household::view::NewHouseholdMember;
use crate::secrecy::Secrets;
use chrono::NaiveDate;
use entity::value::{
    AdjustmentKind, EntrySource, HouseholdId, HouseholdStatusKind, MemberCause, MemberId, PersonId, business_date,
};
use entity::{adjustment, adjustment_person};
use serde_json::json;

/// Enters into the register what a case says; gives the household that was made, where one was.
pub(super) async fn enter(
    tx: &Tx,
    secrets: &Secrets,
    row: &adjustment::Model,
    (from_date, entered_by): (NaiveDate, PersonId),
) -> Result<Option<HouseholdId>, AdjustmentError> {
    let source = format!("动态调整 {}", row.number);
    let origin = Origin { kind: EntrySource::Case, source: &source, adjustment: Some(row.id), entered_by, from_date };
    let today = business_date(tx.now());
    let mut held: Vec<HouseholdId> = row.household_id.into_iter().chain(row.other_household_id).collect();
    held.sort_unstable();
    household::hold_many(tx, &held).await?;
    let status = match row.household_id {
        Some(id) => household::status_on(tx, &[id], today).await?.remove(&id),
        None => None,
    };
    // It may have changed since the clue came.
    require_fit(row.kind, row.household_id, status)?;
    let people = store::people_of(tx, row.id).await?;
    let made = match (row.kind, row.household_id) {
        (AdjustmentKind::Identification, None) => {
            let status = row.status.ok_or(AdjustmentError::Unfit { status: None })?;
            let id = founded(tx, row, status, &origin).await?;
            history::join(tx, secrets, id, &newcomers(secrets, &people)?, &origin).await?;
            history::refresh(tx, &[id], &[]).await?;
            Some(id)
        }
        (AdjustmentKind::Split, Some(id)) => Some(split(tx, row, (id, status), &people, &origin).await?),
        (AdjustmentKind::Merge, Some(id)) => {
            merge(tx, row, id, &people, &origin).await?;
            None
        }
        (AdjustmentKind::NaturalChange, Some(id)) => {
            let joined = history::join(tx, secrets, id, &newcomers(secrets, &people)?, &origin).await?;
            let moves: Vec<Move> = people.iter().filter_map(leaving_or_staying).collect();
            history::move_members(tx, &moves, &origin).await?;
            history::refresh(tx, &[id], &touched(&people, joined)).await?;
            None
        }
        (_, Some(id)) => {
            let status = status_after(tx, row, (id, status), today).await?;
            history::enter_status(tx, id, status, &origin).await?;
            history::refresh(tx, &[id], &[]).await?;
            None
        }
        (_, None) => return Err(AdjustmentError::Unfit { status: None }),
    };
    for id in row.household_id.into_iter().chain(row.other_household_id).chain(made) {
        let after = json!({ "adjustment": row.number, "kind": row.kind, "from_date": from_date });
        tx.audit(Change::made("household.adjusted", "household", id.uuid(), after)).await?;
    }
    Ok(made)
}

/// What a household is after a case that changes only that.
async fn status_after(
    tx: &Tx,
    row: &adjustment::Model,
    (id, status): (HouseholdId, Option<HouseholdStatusKind>),
    today: NaiveDate,
) -> Result<HouseholdStatusKind, AdjustmentError> {
    let unfit = AdjustmentError::Unfit { status };
    match row.kind {
        AdjustmentKind::Exit => Ok(HouseholdStatusKind::Ordinary),
        AdjustmentKind::RiskRemoval => {
            let of = history::type_today(tx, id, today).await?.ok_or(unfit)?;
            Ok(history::status_after_risk(of))
        }
        _ => row.status.ok_or(unfit),
    }
}

async fn founded(
    tx: &Tx,
    row: &adjustment::Model,
    status: HouseholdStatusKind,
    origin: &Origin<'_>,
) -> Result<HouseholdId, AdjustmentError> {
    let number = row.new_number.clone().ok_or(AdjustmentError::NumberKnown)?;
    let new = Founding { number, county: row.county_code.clone(), village: row.village_id, status };
    Ok(history::found(tx, &new, origin).await?)
}

/// A household becomes two; both are what the one was. Of its land goes what the case says.
async fn split(
    tx: &Tx,
    row: &adjustment::Model,
    (id, status): (HouseholdId, Option<HouseholdStatusKind>),
    people: &[adjustment_person::Model],
    origin: &Origin<'_>,
) -> Result<HouseholdId, AdjustmentError> {
    let status = status.ok_or(AdjustmentError::Unfit { status })?;
    let made = founded(tx, row, status, origin).await?;
    history::move_members(tx, &moved_to(made, people), origin).await?;
    household::pass_shares(tx, (id, made), &store::land_of(tx, row.id).await?, origin).await?;
    history::refresh(tx, &[id, made], &touched(people, Vec::new())).await?;
    Ok(made)
}

/// Everybody of one household belongs to another, and all its land goes along.
async fn merge(
    tx: &Tx,
    row: &adjustment::Model,
    into: HouseholdId,
    people: &[adjustment_person::Model],
    origin: &Origin<'_>,
) -> Result<(), AdjustmentError> {
    let other = row.other_household_id.ok_or(AdjustmentError::NotFound)?;
    history::move_members(tx, &moved_to(into, people), origin).await?;
    history::merge(tx, other, into, origin).await?;
    household::pass_all(tx, (other, into), origin).await?;
    history::refresh(tx, &[into, other], &touched(people, Vec::new())).await?;
    Ok(())
}

/// Those who go to a household, and those who stay with another relation.
fn moved_to(household: HouseholdId, people: &[adjustment_person::Model]) -> Vec<Move> {
    let to = |person: &adjustment_person::Model| {
        let presence = person.cause.map_or(Presence::Stays, |cause| Presence::Joins(household, cause));
        Some(Move { member: person.member_id?, presence, relation: person.relation })
    };
    people.iter().filter_map(to).collect()
}

fn leaving_or_staying(person: &adjustment_person::Model) -> Option<Move> {
    let presence = person.cause.map_or(Presence::Stays, Presence::Leaves);
    Some(Move { member: person.member_id?, presence, relation: person.relation })
}

fn touched(people: &[adjustment_person::Model], joined: Vec<MemberId>) -> Vec<MemberId> {
    people.iter().filter_map(|person| person.member_id).chain(joined).collect()
}

/// Those who are not in the register yet, in clear.
fn newcomers(
    secrets: &Secrets,
    people: &[adjustment_person::Model],
) -> Result<Vec<(NewHouseholdMember, MemberCause)>, AdjustmentError> {
    let mut found = Vec::new();
    for person in people {
        if let (Some(cipher), Some(cause)) = (&person.person_cipher, person.cause) {
            found.push((sealed::open(secrets, person.id, cipher)?, cause));
        }
    }
    Ok(found)
}
