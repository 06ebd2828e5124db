//! What can be done with the history: read a day, read all of it, enter what was found out.

use super::fold::{self, MemberOn};
use super::store;
use super::view::{HistoryAttribute, HistoryEntry, HouseholdHistory, RecordSurvey};
use super::write::{self, Origin};
use crate::access::policy::RegisterHousehold;
use crate::access::{Grant, Scope};
use crate::db::{Change, Tx};
use crate::household::error::{HouseholdError, fault};
use crate::household::view::{Household, HouseholdStatus, HouseholdSummary, LandOnDay};
use crate::household::{sealed, store as register, terms};
use crate::http::IfMatch;
use crate::organisation;
use crate::problem::FieldProblem;
use crate::secrecy::Secrets;
use chrono::NaiveDate;
use entity::value::{
    EntrySource, Health, HouseholdId, HouseholdType, MemberId, OrganisationKind, Relation, business_date,
};
use entity::{household, household_change, household_land, household_member, household_status, member_change};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

/// How many people one survey is about.
const MOST_PEOPLE: usize = 20;

/// One household as it was on a day, masked.
///
/// # Errors
/// Not found, out of reach, or not registered on that day; a day in the future.
pub(in crate::household) async fn show(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    scope: &Scope,
    id: HouseholdId,
    (day, today): (NaiveDate, NaiveDate),
) -> Result<Household, HouseholdError> {
    if day > today {
        let (zh, en) = ("日期不能晚于今天。", "The day is not in the future.");
        return Err(HouseholdError::Fields(vec![fault("?as_of".to_owned(), zh, en)]));
    }
    let row = register::find_visible(db, scope, id).await?.filter(|row| row.registered_on <= day);
    let row = row.ok_or(HouseholdError::NotFound)?;
    let on = fold::household_on(&store::of_household(db, id).await?, day);
    let statuses = register::statuses_of(db, id).await?;
    let mut members = Vec::new();
    for (member, on) in people_on(db, id, day).await? {
        let is_head = on.relation == Some(Relation::Head);
        let name = is_head.then(|| member.name.clone());
        members.push((name, sealed::masked(sealed::open(secrets, member)?, on)));
    }
    members.sort_by_key(|(head, member)| (head.is_none(), member.id));
    let head_name = members.iter().find_map(|(head, _)| head.clone());
    let village_id = on.village.unwrap_or(row.village_id);
    let village = organisation::find(db, village_id).await?.map(|village| village.name).unwrap_or_default();
    let people = i32::try_from(members.len()).unwrap_or(i32::MAX);
    let head_name = head_name.unwrap_or_else(|| row.head_name.clone());
    let row = household::Model { village_id, people, head_name, ..row };
    let status = fold::status_on(&statuses, day);
    let shown = statuses.iter().filter(|status| status.from_date <= day).cloned().map(HouseholdStatus::from);
    Ok(Household {
        as_of: day,
        household_type: fold::type_on(&statuses, day),
        is_monitored: status.is_some_and(fold::is_monitored),
        merged_into: on.merged_into,
        members: members.into_iter().map(|(_, member)| member).collect(),
        land: land_on(&store::land_of(db, id).await?, day),
        statuses: shown.collect(),
        summary: HouseholdSummary::of(row, village, status),
    })
}

/// Who belonged to a household on a day, with what they were then.
async fn people_on(
    db: &impl ConnectionTrait,
    id: HouseholdId,
    day: NaiveDate,
) -> Result<Vec<(household_member::Model, MemberOn)>, DbErr> {
    let mut by_member: HashMap<MemberId, Vec<member_change::Model>> = HashMap::new();
    for row in store::of_people(db, id).await? {
        by_member.entry(row.member_id).or_default().push(row);
    }
    let members = store::members_ever(db, id).await?;
    let on = |member: household_member::Model| {
        let on = fold::member_on(by_member.get(&member.id).map_or(&[], Vec::as_slice), day);
        (on.household == Some(id)).then_some((member, on))
    };
    Ok(members.into_iter().filter_map(on).collect())
}

/// What land there was on a day; what is none any more is left out.
fn land_on(rows: &[household_land::Model], day: NaiveDate) -> Vec<LandOnDay> {
    let holding = rows.iter().filter(|row| row.from_date <= day).map(|row| (row.kind, row.square_metres));
    let land: BTreeMap<_, _> = holding.collect();
    let some = land.into_iter().filter(|(_, square_metres)| *square_metres > 0);
    some.map(|(kind, square_metres)| LandOnDay { kind, square_metres }).collect()
}

/// The health on record of these people on a day, in clear. Only whoever records why may call this: `privacy`.
///
/// # Errors
/// A ciphertext that does not open; the database.
pub async fn healths(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    members: &[MemberId],
    day: NaiveDate,
) -> Result<HashMap<MemberId, Health>, HouseholdError> {
    let mut by_member: HashMap<MemberId, Vec<member_change::Model>> = HashMap::new();
    for row in store::of_members(db, members).await? {
        by_member.entry(row.member_id).or_default().push(row);
    }
    let mut healths = HashMap::new();
    for (member, rows) in by_member {
        if let Some((entry, cipher)) = fold::member_on(&rows, day).health {
            healths.insert(member, sealed::open_health(secrets, entry, &cipher)?);
        }
    }
    Ok(healths)
}

/// Since when these people belong where they belonged on a day.
///
/// # Errors
/// When the database cannot be asked.
pub async fn since(
    db: &impl ConnectionTrait,
    members: &[MemberId],
    day: NaiveDate,
) -> Result<HashMap<MemberId, NaiveDate>, DbErr> {
    let mut by_member: HashMap<MemberId, Vec<member_change::Model>> = HashMap::new();
    for row in store::of_members(db, members).await? {
        by_member.entry(row.member_id).or_default().push(row);
    }
    Ok(by_member.into_iter().filter_map(|(id, rows)| Some((id, fold::member_on(&rows, day).since?))).collect())
}

/// The type of a household on a day.
///
/// # Errors
/// When the database cannot be asked.
pub async fn type_today(
    db: &impl ConnectionTrait,
    id: HouseholdId,
    day: NaiveDate,
) -> Result<Option<HouseholdType>, DbErr> {
    Ok(fold::type_on(&register::statuses_of(db, id).await?, day))
}

/// For each of these households that was merged into another: into which.
///
/// # Errors
/// When the database cannot be asked.
pub(in crate::household) async fn merged_into(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
) -> Result<HashMap<HouseholdId, HouseholdId>, DbErr> {
    let rows = store::merged(db, ids).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.household_id, row.merged_into?))).collect())
}

/// Enters what a survey found about a household and its people.
///
/// # Errors
/// Not found, stale; a field is not acceptable; no head, or two.
pub(super) async fn survey(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<RegisterHousehold>,
    (id, version): (HouseholdId, IfMatch),
    wanted: &RecordSurvey,
) -> Result<(), HouseholdError> {
    let household = register::hold(tx, grant.scope(), id).await?.ok_or(HouseholdError::NotFound)?;
    version.check(household.version).map_err(|_| HouseholdError::Stale)?;
    let own = register::members_of(tx, id).await?;
    let faults = faults(wanted, &household, &own, business_date(tx.now()));
    if !faults.is_empty() {
        return Err(HouseholdError::Fields(faults));
    }
    let source = wanted.source.trim();
    let kind = EntrySource::from(wanted.source_kind);
    let origin = Origin { kind, source, adjustment: None, entered_by: grant.person()?, from_date: wanted.from_date };
    if let Some(village) = wanted.village_id {
        let found = organisation::find(tx, village).await?.filter(|found| {
            found.kind == OrganisationKind::VillageCommittee
                && found.is_active
                && found.division_code == household.county_code
        });
        found.ok_or_else(|| HouseholdError::VillageNotInCounty { pointer: "/village_id".to_owned() })?;
        write::settle(tx, id, village, &origin).await?;
    }
    let entries = wanted
        .members
        .iter()
        .map(|found| write::said(secrets, found.member_id, (found.relation, &found.facts), &origin, tx.now()));
    store::insert_members(tx, entries.collect::<Result<_, _>>()?).await?;
    let members: Vec<MemberId> = wanted.members.iter().map(|found| found.member_id).collect();
    write::refresh(tx, &[id], &members).await?;
    let after = json!({ "members": members, "from_date": wanted.from_date, "village_id": wanted.village_id });
    tx.audit(Change::made("household.surveyed", "household", id.uuid(), after).because(source)).await?;
    Ok(())
}

fn faults(
    wanted: &RecordSurvey,
    household: &household::Model,
    own: &[household_member::Model],
    today: NaiveDate,
) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    let mut wrong = |pointer: String, zh, en| faults.push(fault(pointer, zh, en));
    if wanted.from_date > today || wanted.from_date < household.registered_on {
        let (zh, en) = ("日期应在该户登记之日与今天之间。", "The day lies between the registration and today.");
        wrong("/from_date".to_owned(), zh, en);
    }
    if !(1..=200).contains(&wanted.source.trim().chars().count()) {
        wrong("/source".to_owned(), "来源应为 1 至 200 个字。", "The source has 1 to 200 characters.");
    }
    if wanted.members.is_empty() && wanted.village_id.is_none() {
        wrong("/members".to_owned(), "没有可登记的内容。", "There is nothing to enter.");
    }
    let distinct = write::is_distinct(wanted.members.iter().map(|found| found.member_id));
    if !distinct || wanted.members.len() > MOST_PEOPLE {
        wrong("/members".to_owned(), "每名成员只列一次，至多 20 名。", "Each member is named once, 20 at most.");
    }
    for (index, found) in wanted.members.iter().enumerate() {
        if own.iter().all(|member| member.id != found.member_id) {
            let (zh, en) = ("该户没有这名成员。", "The household has no such member.");
            wrong(format!("/members/{index}/member_id"), zh, en);
        }
        if found.relation.is_none() && found.facts == Default::default() {
            wrong(format!("/members/{index}"), "没有可登记的内容。", "There is nothing to enter.");
        }
    }
    for (index, found) in wanted.members.iter().enumerate() {
        faults.extend(terms::faults_of_facts(&found.facts, &format!("/members/{index}/facts")));
    }
    faults
}

/// Every change of a household in reach.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn history(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: HouseholdId,
) -> Result<HouseholdHistory, HouseholdError> {
    register::find_visible(db, scope, id).await?.ok_or(HouseholdError::NotFound)?;
    let mut items: Vec<HistoryEntry> = register::statuses_of(db, id).await?.into_iter().map(of_status).collect();
    items.extend(store::of_household(db, id).await?.into_iter().map(of_household));
    items.extend(store::land_of(db, id).await?.into_iter().map(of_land));
    let mut belongs: HashMap<MemberId, bool> = HashMap::new();
    for row in store::of_people(db, id).await? {
        // What somebody was elsewhere is told by the household they were in.
        let before = belongs.get(&row.member_id).copied().unwrap_or(false);
        let moves = row.household_id.is_some() || row.has_left;
        let after = if moves { row.household_id == Some(id) } else { before };
        belongs.insert(row.member_id, after);
        if before || after {
            items.extend(of_member(&row));
        }
    }
    items.sort_by_key(|item| (item.from_date, item.created_at));
    Ok(HouseholdHistory { items })
}

fn of_status(row: household_status::Model) -> HistoryEntry {
    HistoryEntry {
        from_date: row.from_date,
        attribute: HistoryAttribute::Status,
        member_id: None,
        value: Some(row.status.to_string()),
        source_kind: row.source_kind,
        source: row.source,
        adjustment_id: row.adjustment_id,
        entered_by: row.entered_by,
        created_at: row.created_at,
    }
}

fn of_land(row: household_land::Model) -> HistoryEntry {
    HistoryEntry {
        from_date: row.from_date,
        attribute: HistoryAttribute::Land,
        member_id: None,
        value: Some(format!("{} {}", row.kind, row.square_metres)),
        source_kind: row.source_kind,
        source: row.source,
        adjustment_id: None,
        entered_by: row.entered_by,
        created_at: row.created_at,
    }
}

fn of_household(row: household_change::Model) -> HistoryEntry {
    let (attribute, value) = match row.merged_into {
        Some(into) => (HistoryAttribute::MergedInto, Some(into.to_string())),
        None => (HistoryAttribute::Village, row.village_id.map(|village| village.to_string())),
    };
    HistoryEntry {
        from_date: row.from_date,
        attribute,
        member_id: None,
        value,
        source_kind: row.source_kind,
        source: row.source,
        adjustment_id: row.adjustment_id,
        entered_by: row.entered_by,
        created_at: row.created_at,
    }
}

/// One entry for each thing that a row says.
fn of_member(row: &member_change::Model) -> Vec<HistoryEntry> {
    let work = row.work_place.as_ref().zip(row.work_months).map(|(place, months)| format!("{place} {months}"));
    let said = [
        (HistoryAttribute::Presence, row.cause.map(|cause| Some(cause.to_string()))),
        (HistoryAttribute::Relation, row.relation.map(|relation| Some(relation.to_string()))),
        (HistoryAttribute::Education, row.education.map(|education| Some(education.to_string()))),
        (HistoryAttribute::Health, row.health_cipher.as_ref().map(|_| None)),
        (HistoryAttribute::Skill, row.skill.map(|skill| Some(skill.to_string()))),
        (HistoryAttribute::Work, work.map(Some)),
        (HistoryAttribute::Guarantee, row.guarantee.map(|guarantee| Some(guarantee.to_string()))),
    ];
    let entry = |attribute, value| HistoryEntry {
        from_date: row.from_date,
        attribute,
        member_id: Some(row.member_id),
        value,
        source_kind: row.source_kind,
        source: row.source.clone(),
        adjustment_id: row.adjustment_id,
        entered_by: row.entered_by,
        created_at: row.created_at,
    };
    said.into_iter().filter_map(|(attribute, value)| Some(entry(attribute, value?))).collect()
}
