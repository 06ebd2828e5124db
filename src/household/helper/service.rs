//! What can be done with assignments: make them, end them, read them.

use super::view::{AssignHelper, Assignment, AssignmentQuery, EndAssignment, Helper};
use super::{store, terms};
use crate::access::policy::KeepHelper;
use crate::access::{Grant, Scope, four_eyes};
use crate::db::{self, Change, Tx};
use crate::household::error::{HouseholdError, fault};
use crate::household::{service as households, store as register};
use crate::http::{IfMatch, Page, PageQuery};
use crate::problem::Failure;
use crate::{identity, organisation};
use entity::helper_assignment::Model;
use entity::value::{HelperAssignmentId, HelperPosition, Role, business_date};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::HashMap;

/// Assigns a household to a cadre.
///
/// # Errors
/// The household is out of reach; nobody has the role by that name; the cadre has enough; it is assigned already.
pub(super) async fn assign(
    tx: &Tx,
    grant: &Grant<KeepHelper>,
    wanted: &AssignHelper,
) -> Result<Assignment, HouseholdError> {
    let today = business_date(tx.now());
    let reason = wanted.exception_reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let mut faults = Vec::new();
    if wanted.from_date > today {
        faults.push(fault("/from_date".to_owned(), "起始日期不能晚于今天。", "It does not begin in the future."));
    }
    if reason.is_some_and(|reason| !(5..=200).contains(&reason.chars().count())) {
        let (zh, en) = ("理由应为 5 至 200 个字。", "The reason has 5 to 200 characters.");
        faults.push(fault("/exception_reason".to_owned(), zh, en));
    }
    let household = register::find_visible(tx, grant.scope(), wanted.household_id).await?;
    if household.is_none() {
        faults.push(fault("/household_id".to_owned(), "本县没有此户。", "There is no such household in your county."));
    }
    if !faults.is_empty() {
        return Err(HouseholdError::Fields(faults));
    }
    // Held until the end, so that of two assignments at once the second counts the first.
    let held = identity::hold_role(tx, &wanted.username, Role::HelperCadre, wanted.organisation_id).await?;
    let cadre = held.ok_or(HouseholdError::NoHelper)?;
    let by = grant.person()?;
    four_eyes::apart([cadre.person_id], by)?;
    let seat = organisation::find(tx, cadre.organisation_id).await?.ok_or(HouseholdError::NoHelper)?;
    if !terms::fits(wanted.position, seat.kind) || !terms::is_eligible(wanted.position, reason) {
        return Err(HouseholdError::HelperUnfit);
    }
    let has = usize::try_from(store::count_open(tx, cadre.person_id).await?).unwrap_or(usize::MAX);
    if !terms::may_take(has, reason) {
        return Err(HouseholdError::HelperFull { has });
    }
    let row = Model {
        id: HelperAssignmentId::generate(),
        household_id: wanted.household_id,
        person_id: cadre.person_id,
        organisation_id: cadre.organisation_id,
        from_date: wanted.from_date,
        until_date: None,
        position: Some(wanted.position),
        exception_reason: reason
            .filter(|_| has >= terms::MOST_HOUSEHOLDS || wanted.position == HelperPosition::Other)
            .map(str::to_owned),
        assigned_by: by,
        ended_by: None,
        end_reason: None,
        created_at: tx.now(),
        version: 1,
    };
    store::insert(tx, row.clone()).await.map_err(|error| {
        let key = ["household_id", "person_id"];
        if db::is_duplicate(&error, "helper_assignment", &key) { HouseholdError::AlreadyAssigned } else { error.into() }
    })?;
    let after = json!({
        "household_id": row.household_id, "person_id": row.person_id, "organisation_id": row.organisation_id,
        "from_date": row.from_date, "households": has + 1, "position": row.position,
    });
    let mut change = Change::made("helper.assigned", "helper_assignment", row.id.uuid(), after);
    change.reason = row.exception_reason.as_deref();
    tx.audit(change).await?;
    one(tx, row).await
}

/// Ends an assignment; it stays on record.
///
/// # Errors
/// Out of reach; stale; ended already; a day that makes no sense.
pub(super) async fn end(
    tx: &Tx,
    grant: &Grant<KeepHelper>,
    id: HelperAssignmentId,
    version: IfMatch,
    wanted: &EndAssignment,
) -> Result<Assignment, HouseholdError> {
    let row = store::hold(tx, grant.scope(), id).await?.ok_or(HouseholdError::NotFound)?;
    version.check(row.version).map_err(|_| HouseholdError::Stale)?;
    if row.until_date.is_some() {
        return Err(HouseholdError::AssignmentEnded);
    }
    let reason = wanted.reason.trim();
    let mut faults = Vec::new();
    if wanted.until_date > business_date(tx.now()) || wanted.until_date < row.from_date {
        let (zh, en) = ("终止日期应在起始日期与今天之间。", "It ends between its first day and today.");
        faults.push(fault("/until_date".to_owned(), zh, en));
    }
    if !(1..=200).contains(&reason.chars().count()) {
        let (zh, en) = ("原因应为 1 至 200 个字。", "The reason has 1 to 200 characters.");
        faults.push(fault("/reason".to_owned(), zh, en));
    }
    if !faults.is_empty() {
        return Err(HouseholdError::Fields(faults));
    }
    store::end(tx, id, wanted.until_date, grant.person()?, reason).await?;
    tx.audit(Change::moved("helper.ended", "helper_assignment", id.uuid(), "open", "ended").because(reason)).await?;
    let row = store::find(tx, grant.scope(), id).await?.ok_or(HouseholdError::NotFound)?;
    one(tx, row).await
}

/// One assignment in reach.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: HelperAssignmentId,
) -> Result<Assignment, HouseholdError> {
    one(db, store::find(db, scope, id).await?.ok_or(HouseholdError::NotFound)?).await
}

/// One page of assignments, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &AssignmentQuery,
) -> Result<Page<Assignment>, Failure> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let (limit, before) = (page.limit()?, page.after()?.map(HelperAssignmentId::from_uuid));
    let rows = store::list(db, scope, query, before, limit + 1).await?;
    let shown = shown(db, rows).await?;
    Ok(Page::of(shown, limit, |row| row.id.uuid(), |row| row))
}

async fn one(db: &impl ConnectionTrait, row: Model) -> Result<Assignment, HouseholdError> {
    shown(db, vec![row]).await?.pop().ok_or(HouseholdError::NotFound)
}

/// With the names of everybody, in one question a kind.
async fn shown(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Assignment>, HouseholdError> {
    let ids: Vec<_> = rows.iter().map(|row| row.household_id).collect();
    let households = households::briefs(db, &ids).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.organisation_id).collect();
    let organisations: HashMap<_, _> =
        organisation::find_many(db, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let ids: Vec<_> = rows.iter().map(|row| row.person_id).collect();
    let names = identity::names_of(db, &ids).await?;
    let show = |row: Model| {
        let household = households.get(&row.household_id)?.clone();
        let organisation = organisations.get(&row.organisation_id)?.into();
        let display_name = names.get(&row.person_id).cloned().unwrap_or_default();
        Some(Assignment {
            id: row.id,
            household,
            helper: Helper { person_id: row.person_id, display_name, organisation },
            from_date: row.from_date,
            until_date: row.until_date,
            position: row.position,
            exception_reason: row.exception_reason,
            end_reason: row.end_reason,
            created_at: row.created_at,
            version: row.version,
        })
    };
    Ok(rows.into_iter().filter_map(show).collect())
}
