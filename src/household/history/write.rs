//! Entries into the history, and the rows of the register that follow from them.

use super::{fold, store};
use crate::db::{self, Tx};
use crate::household::error::HouseholdError;
use crate::household::view::{MemberFacts, NewHouseholdMember};
use crate::household::{sealed, store as register};
use crate::secrecy::Secrets;
use chrono::NaiveDate;
use entity::value::{
    AdjustmentId, AreaCode, EntrySource, HouseholdChangeId, HouseholdId, HouseholdStatusId, HouseholdStatusKind,
    MemberCause, MemberChangeId, MemberId, OrganisationId, PersonId, Relation, Timestamp, business_date,
};
use entity::{household, household_change, household_member, household_status, member_change};
use std::collections::{HashMap, HashSet};

/// Whose word an entry is, and from which day it holds.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// Where it comes from.
    pub kind: EntrySource,
    /// The case, survey or list.
    pub source: &'a str,
    /// The case, where one made it.
    pub adjustment: Option<AdjustmentId>,
    /// Who entered it.
    pub entered_by: PersonId,
    /// The first day.
    pub from_date: NaiveDate,
}

/// Where a person belongs from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Where they belonged before.
    Stays,
    /// To this household.
    Joins(HouseholdId, MemberCause),
    /// To none.
    Leaves(MemberCause),
}

/// What becomes of a person who is in the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Who.
    pub member: MemberId,
    /// Where they belong.
    pub presence: Presence,
    /// Their relation to the head, where it changes.
    pub relation: Option<Relation>,
}

/// A household that a case makes.
#[derive(Debug, Clone)]
pub struct Founding {
    /// Its national number.
    pub number: String,
    /// Its county.
    pub county: AreaCode,
    /// Its village.
    pub village: OrganisationId,
    /// What it is.
    pub status: HouseholdStatusKind,
}

/// An entry that says nothing yet.
fn blank(member_id: MemberId, origin: &Origin<'_>, now: Timestamp) -> member_change::Model {
    member_change::Model {
        id: MemberChangeId::generate(),
        member_id,
        from_date: origin.from_date,
        household_id: None,
        has_left: false,
        cause: None,
        relation: None,
        education: None,
        health_cipher: None,
        skill: None,
        work_place: None,
        work_months: None,
        guarantee: None,
        source_kind: origin.kind,
        source: origin.source.to_owned(),
        adjustment_id: origin.adjustment,
        entered_by: origin.entered_by,
        created_at: now,
    }
}

/// An entry about what is known of a person.
pub(in crate::household) fn said(
    secrets: &Secrets,
    member: MemberId,
    (relation, facts): (Option<Relation>, &MemberFacts),
    origin: &Origin<'_>,
    now: Timestamp,
) -> Result<member_change::Model, HouseholdError> {
    let mut row = blank(member, origin, now);
    row.relation = relation;
    row.education = facts.education;
    row.skill = facts.skill;
    row.guarantee = facts.guarantee;
    if let Some(health) = facts.health {
        row.health_cipher = Some(sealed::seal_health(secrets, row.id, health)?);
    }
    if let Some(work) = &facts.work {
        row.work_place = Some(work.place.trim().to_owned());
        row.work_months = Some(i64::from(work.months));
    }
    Ok(row)
}

/// The entry with which a person comes into a household.
pub(in crate::household) fn joined(
    secrets: &Secrets,
    (member, new): (MemberId, &NewHouseholdMember),
    (household, cause): (HouseholdId, MemberCause),
    origin: &Origin<'_>,
    now: Timestamp,
) -> Result<member_change::Model, HouseholdError> {
    let mut row = said(secrets, member, (Some(new.relation), &new.facts), origin, now)?;
    row.household_id = Some(household);
    row.cause = Some(cause);
    Ok(row)
}

/// An entry about a household that says nothing yet.
fn unchanged(household_id: HouseholdId, origin: &Origin<'_>, now: Timestamp) -> household_change::Model {
    household_change::Model {
        id: HouseholdChangeId::generate(),
        household_id,
        from_date: origin.from_date,
        village_id: None,
        merged_into: None,
        source_kind: origin.kind,
        source: origin.source.to_owned(),
        adjustment_id: origin.adjustment,
        entered_by: origin.entered_by,
        created_at: now,
    }
}

/// The entry about the village of a household.
pub(in crate::household) fn settled(
    household_id: HouseholdId,
    village: OrganisationId,
    origin: &Origin<'_>,
    now: Timestamp,
) -> household_change::Model {
    household_change::Model { village_id: Some(village), ..unchanged(household_id, origin, now) }
}

/// Enters that a household belongs to another village of its county.
pub(super) async fn settle(
    tx: &Tx,
    household: HouseholdId,
    village: OrganisationId,
    origin: &Origin<'_>,
) -> Result<(), HouseholdError> {
    Ok(store::insert_households(tx, vec![settled(household, village, origin, tx.now())]).await?)
}

/// Enters what a household is.
///
/// # Errors
/// When the database refuses.
pub async fn enter_status(
    tx: &Tx,
    household_id: HouseholdId,
    status: HouseholdStatusKind,
    origin: &Origin<'_>,
) -> Result<(), HouseholdError> {
    let row = household_status::Model {
        id: HouseholdStatusId::generate(),
        household_id,
        status,
        from_date: origin.from_date,
        source: origin.source.to_owned(),
        source_kind: origin.kind,
        adjustment_id: origin.adjustment,
        entered_by: origin.entered_by,
        created_at: tx.now(),
    };
    Ok(register::enter_status(tx, row).await?)
}

/// Makes a household without people yet, and enters its village and status.
///
/// # Errors
/// Its number is taken; the database.
pub async fn found(tx: &Tx, new: &Founding, origin: &Origin<'_>) -> Result<HouseholdId, HouseholdError> {
    let id = HouseholdId::generate();
    let row = household::Model {
        id,
        number: new.number.clone(),
        county_code: new.county.clone(),
        village_id: new.village,
        registered_on: origin.from_date,
        head_name: String::new(),
        people: 0,
        status: new.status,
        created_at: tx.now(),
        version: 1,
    };
    register::insert_households(tx, vec![row]).await.map_err(|error| {
        if db::is_duplicate(&error, "household", &["number"]) {
            HouseholdError::NumberTaken { pointer: "/number".to_owned() }
        } else {
            error.into()
        }
    })?;
    settle(tx, id, new.village, origin).await?;
    enter_status(tx, id, new.status, origin).await?;
    Ok(id)
}

/// Brings people into a household, for one reason each. Whoever was in the register before and belongs to no household
/// is the same person still; whoever belongs to one is refused.
///
/// # Errors
/// Somebody belongs to a household; data that cannot be sealed; the database.
pub async fn join(
    tx: &Tx,
    secrets: &Secrets,
    household: HouseholdId,
    people: &[(NewHouseholdMember, MemberCause)],
    origin: &Origin<'_>,
) -> Result<Vec<MemberId>, HouseholdError> {
    let hashes: Vec<String> = people.iter().flat_map(|(new, _)| sealed::hashes(secrets, &new.id_number)).collect();
    let known = store::by_hashes(tx, &hashes).await?;
    let (mut rows, mut entries) = (Vec::new(), Vec::new());
    for (new, cause) in people {
        let own = sealed::hashes(secrets, &new.id_number);
        let before = known.iter().find(|row| own.contains(&row.id_number_hash));
        let member = match before {
            Some(row) if row.left_on.is_some() => row.id,
            Some(_) => return Err(HouseholdError::PersonRegistered { pointer: "/id_number".to_owned() }),
            None => {
                let row = sealed::seal(secrets, household, new, tx.now())?;
                let id = row.id;
                rows.push(row);
                id
            }
        };
        entries.push(joined(secrets, (member, new), (household, *cause), origin, tx.now())?);
    }
    let ids = entries.iter().map(|entry| entry.member_id).collect();
    register::insert_members(tx, rows).await.map_err(|error| {
        if db::is_duplicate(&error, "household_member", &["id_number_hash"]) {
            HouseholdError::PersonRegistered { pointer: "/id_number".to_owned() }
        } else {
            error.into()
        }
    })?;
    store::insert_members(tx, entries).await?;
    Ok(ids)
}

/// Enters where people who are in the register belong from then on.
///
/// # Errors
/// When the database refuses.
pub async fn move_members(tx: &Tx, moves: &[Move], origin: &Origin<'_>) -> Result<(), HouseholdError> {
    let entry = |one: &Move| {
        let mut row = blank(one.member, origin, tx.now());
        row.relation = one.relation;
        match one.presence {
            Presence::Stays => {}
            Presence::Joins(household, cause) => (row.household_id, row.cause) = (Some(household), Some(cause)),
            Presence::Leaves(cause) => (row.has_left, row.cause) = (true, Some(cause)),
        }
        row
    };
    Ok(store::insert_members(tx, moves.iter().map(entry).collect()).await?)
}

/// Enters that a household was merged into another.
///
/// # Errors
/// When the database refuses.
pub async fn merge(
    tx: &Tx,
    household: HouseholdId,
    into: HouseholdId,
    origin: &Origin<'_>,
) -> Result<(), HouseholdError> {
    let row = household_change::Model { merged_into: Some(into), ..unchanged(household, origin, tx.now()) };
    Ok(store::insert_households(tx, vec![row]).await?)
}

/// Brings the rows of the register to what the history says today.
///
/// # Errors
/// [`HouseholdError::HeadMissing`] when a household with people would have no head, or two.
pub async fn refresh(tx: &Tx, households: &[HouseholdId], members: &[MemberId]) -> Result<(), HouseholdError> {
    let today = business_date(tx.now());
    let mut by_member: HashMap<MemberId, Vec<member_change::Model>> = HashMap::new();
    for row in store::of_members(tx, members).await? {
        by_member.entry(row.member_id).or_default().push(row);
    }
    // A household has twenty people at the most, and a case touches two households.
    for (member, rows) in by_member {
        let on = fold::member_on(&rows, today);
        let left_on = if on.household.is_none() { on.since } else { None };
        store::place(tx, member, on.household, on.relation.unwrap_or(Relation::Other), left_on).await?;
    }
    for id in households {
        let people = register::members_of(tx, *id).await?;
        let head = head_of(&people)?;
        let on = fold::household_on(&store::of_household(tx, *id).await?, today);
        let count = i32::try_from(people.len()).unwrap_or(i32::MAX);
        store::renew(tx, *id, on.village, head, count).await?;
    }
    Ok(())
}

/// The name of the one head; none where nobody is left.
fn head_of(people: &[household_member::Model]) -> Result<Option<String>, HouseholdError> {
    let mut heads = people.iter().filter(|member| member.relation == Relation::Head);
    match (heads.next(), heads.next()) {
        (Some(head), None) => Ok(Some(head.name.clone())),
        (None, _) if people.is_empty() => Ok(None),
        _ => Err(HouseholdError::HeadMissing),
    }
}

/// Whether each is named once.
pub(super) fn is_distinct(members: impl IntoIterator<Item = MemberId>) -> bool {
    let mut seen = HashSet::new();
    members.into_iter().all(|member| seen.insert(member))
}
