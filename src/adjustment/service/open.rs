//! A clue becomes a case, or is taken back.

use super::super::error::fault;
use super::super::terms::{self, Family};
use super::super::view::{AdjustmentWithSteps, OpenAdjustment, SayToAdjustment};
use super::super::{AdjustmentError, Removal, sealed, store};
use super::{lead, read, take};
use crate::access::Grant;
use crate::access::policy::OpenAdjustment as MayOpen;
use crate::db::{self, Change, Tx};
use crate::http::IfMatch;
use crate::secrecy::Secrets;
use crate::{household, organisation};
use chrono::{Days, NaiveDate};
use entity::value::{
    AdjustmentId, AdjustmentKind, AdjustmentPersonId, AdjustmentState, AdjustmentStep, AreaCode, HouseholdId,
    HouseholdStatusKind, MemberCause, MemberId, OrganisationId, OrganisationKind, Overflow, business_date,
};
use entity::{adjustment, adjustment_person, adjustment_step};
use sea_orm::DbErr;
use serde_json::json;
use std::collections::HashMap;

/// Where a case runs.
struct Place {
    county: AreaCode,
    village: OrganisationId,
}

/// Enters a clue.
///
/// # Errors
/// A part that its kind needs or does not have; a household out of reach, of another status, or with a case open; a risk that
/// is not gone.
pub(in crate::adjustment) async fn open(
    tx: &Tx,
    (secrets, removal): (&Secrets, &Removal),
    grant: &Grant<MayOpen>,
    new: &OpenAdjustment,
) -> Result<AdjustmentWithSteps, AdjustmentError> {
    let row = enter(tx, secrets, Some(removal), grant, new).await?;
    read::show_row(tx, secrets, row, business_date(tx.now())).await
}

/// A clue that becomes a case, whoever brings it.
pub(super) async fn enter(
    tx: &Tx,
    secrets: &Secrets,
    removal: Option<&Removal>,
    grant: &Grant<MayOpen>,
    new: &OpenAdjustment,
) -> Result<adjustment::Model, AdjustmentError> {
    let today = business_date(tx.now());
    let faults = terms::faults(new, today);
    if !faults.is_empty() {
        return Err(AdjustmentError::Fields(faults));
    }
    let place = place(tx, grant, new).await?;
    // Held in the order of their identifiers, so that of two clues about one household the second finds the first.
    let mut households: Vec<HouseholdId> = new.household_id.into_iter().chain(new.other_household_id).collect();
    households.sort_unstable();
    household::hold_many(tx, &households).await?;
    if store::is_open(tx, &households).await? {
        return Err(AdjustmentError::Open);
    }
    let status = match new.household_id {
        Some(id) => household::status_on(tx, &[id], today).await?.remove(&id),
        None => None,
    };
    require_fit(new.kind, new.household_id, status)?;
    if let (AdjustmentKind::RiskRemoval, Some(id), Some(removal)) = (new.kind, new.household_id, removal) {
        removal.require(tx, id, &place.county).await?;
    }
    if let Some(number) = &new.number
        && household::find_by_number(tx, number).await?.is_some()
    {
        return Err(AdjustmentError::NumberKnown);
    }
    check_families(tx, new, today).await?;
    if let Some(id) = new.household_id {
        household::require_shares(tx, id, &new.land, [new.happened_on.unwrap_or(today), today]).await?;
    }
    insert(tx, secrets, grant, new, place).await
}

/// Refuses a kind of case that is not for a household of this status.
pub(super) fn require_fit(
    kind: AdjustmentKind,
    household: Option<HouseholdId>,
    status: Option<HouseholdStatusKind>,
) -> Result<(), AdjustmentError> {
    let fits = household.is_none() || status.is_some_and(|status| terms::fits(kind, status));
    if fits { Ok(()) } else { Err(AdjustmentError::Unfit { status }) }
}

/// The village and county of the household, or of the one that is to be made; all within reach.
async fn place(tx: &Tx, grant: &Grant<MayOpen>, new: &OpenAdjustment) -> Result<Place, AdjustmentError> {
    const UNKNOWN: (&str, &str) =
        ("在您的范围内没有此户，或其已并入他户。", "There is no such household in your reach.");
    let mut place = None;
    let named = [("/household_id", new.household_id), ("/other_household_id", new.other_household_id)];
    for (pointer, id) in named {
        let Some(id) = id else { continue };
        let found = household::find_in(tx, grant.scope(), id).await?.filter(|row| row.people > 0);
        let found = found.ok_or_else(|| fault(pointer, UNKNOWN.0, UNKNOWN.1))?;
        place.get_or_insert(Place { county: found.county_code, village: found.village_id });
    }
    if let Some(place) = place {
        return Ok(place);
    }
    let village = match new.village_id {
        Some(id) if organisation::is_within(tx, grant.scope(), id).await? => organisation::find(tx, id).await?,
        _ => None,
    };
    let village = village.filter(|found| found.kind == OrganisationKind::VillageCommittee && found.is_active);
    let village = village.ok_or_else(|| {
        fault("/village_id", "在您的范围内没有这个村委会。", "There is no such village committee in your reach.")
    })?;
    Ok(Place { county: village.division_code, village: village.id })
}

/// Looks at the people of the households: each is in theirs, and each household has one head afterwards.
async fn check_families(tx: &Tx, new: &OpenAdjustment, today: NaiveDate) -> Result<(), AdjustmentError> {
    let (own, other) = (family(tx, new.household_id).await?, family(tx, new.other_household_id).await?);
    let members: Vec<MemberId> = own.keys().chain(other.keys()).copied().collect();
    let since = household::history::since(tx, &members, today).await?;
    let faults = terms::faults_of_families(new, (&own, &other), &since);
    if faults.is_empty() { Ok(()) } else { Err(AdjustmentError::Fields(faults)) }
}

async fn family(tx: &Tx, id: Option<HouseholdId>) -> Result<Family, DbErr> {
    let Some(id) = id else { return Ok(Family::new()) };
    let members = household::members(tx, id).await?;
    Ok(members.into_iter().map(|member| (member.id, member.relation)).collect::<HashMap<_, _>>())
}

async fn insert(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<MayOpen>,
    new: &OpenAdjustment,
    place: Place,
) -> Result<adjustment::Model, AdjustmentError> {
    let (id, today, by) = (AdjustmentId::generate(), business_date(tx.now()), grant.person()?);
    let row = adjustment::Model {
        id,
        number: format!("DT{}-{}", today.format("%Y%m%d"), id.to_string()[28..].to_ascii_uppercase()),
        county_code: place.county,
        village_id: place.village,
        kind: new.kind,
        origin: new.origin,
        household_id: new.household_id,
        other_household_id: new.other_household_id,
        result_household_id: None,
        new_number: new.number.clone(),
        status: new.status,
        cause: new.cause,
        happened_on: new.happened_on,
        text: new.text.as_str().to_owned(),
        opened_on: today,
        due_on: today.checked_add_days(Days::new(terms::DECISION_DAYS)).ok_or(Overflow)?,
        stopped_on: None,
        ran_days: 0,
        running_since: None,
        state: AdjustmentState::Clue,
        opened_by: by,
        created_at: tx.now(),
        effective_on: None,
        closed_at: None,
        version: 1,
    };
    let people = people(secrets, id, new)?;
    store::insert(tx, row.clone(), people, &new.land).await.map_err(|error| {
        if db::is_duplicate(&error, "adjustment", &["new_number"]) {
            AdjustmentError::NumberKnown
        } else if db::is_duplicate(&error, "adjustment", &["household_id"]) {
            AdjustmentError::Open
        } else {
            error.into()
        }
    })?;
    let step = adjustment_step::Model {
        adjustment_id: id,
        number: 1,
        step: AdjustmentStep::Open,
        to_state: row.state,
        text: None,
        organisation_id: grant.organisation()?,
        taken_by: by,
        taken_at: tx.now(),
    };
    store::insert_step(tx, step).await?;
    let after = json!({ "number": row.number, "kind": row.kind, "household_id": row.household_id });
    tx.audit(Change::made("adjustment.open", "adjustment", id.uuid(), after)).await?;
    Ok(row)
}

/// Whom the case is about, those who are not in the register yet sealed.
fn people(
    secrets: &Secrets,
    adjustment_id: AdjustmentId,
    new: &OpenAdjustment,
) -> Result<Vec<adjustment_person::Model>, AdjustmentError> {
    let row = |cause, member_id, relation| adjustment_person::Model {
        id: AdjustmentPersonId::generate(),
        adjustment_id,
        number: 0,
        cause,
        member_id,
        relation,
        person_cipher: None,
    };
    let mut rows: Vec<adjustment_person::Model> = Vec::new();
    for one in &new.joining {
        let mut person = row(Some(one.cause), None, Some(one.person.relation));
        person.person_cipher = Some(sealed::seal(secrets, person.id, &one.person)?);
        rows.push(person);
    }
    rows.extend(new.leaving.iter().map(|one| row(Some(one.cause), Some(one.member_id), None)));
    let cause = if new.kind == AdjustmentKind::Merge { MemberCause::Merge } else { MemberCause::Split };
    rows.extend(new.placed.iter().map(|one| row(Some(cause), Some(one.member_id), Some(one.relation))));
    rows.extend(new.relations.iter().map(|one| row(None, Some(one.member_id), Some(one.relation))));
    for (number, person) in (1..).zip(rows.iter_mut()) {
        person.number = number;
    }
    Ok(rows)
}

/// Takes a case back.
///
/// # Errors
/// Not found, stale, or too late.
pub(in crate::adjustment) async fn withdraw(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<MayOpen>,
    which: (AdjustmentId, IfMatch),
    said: &SayToAdjustment,
) -> Result<AdjustmentWithSteps, AdjustmentError> {
    let (row, state) = lead(tx, grant, which, AdjustmentStep::Withdraw).await?;
    let before = row.state;
    let now = adjustment::Model { state, running_since: None, ..row };
    let now = take(tx, grant, (AdjustmentStep::Withdraw, Some(said.text.as_str())), before, now).await?;
    read::show_row(tx, secrets, now, business_date(tx.now())).await
}
