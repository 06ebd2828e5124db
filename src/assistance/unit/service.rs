//! What can be done with unit assignments: make them, end them, read them.

use super::super::error::{AssistanceError, fault};
use super::store;
use super::view::{AssignUnit, EndUnitAssignment, UnitAssignment, UnitAssignmentQuery};
use crate::access::policy::{KeepUnitVillage, ViewUnitVillage};
use crate::access::{Grant, Scope};
use crate::db::{self, Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::organisation;
use crate::problem::Failure;
use entity::unit_assignment::Model;
use entity::value::{OrganisationId, OrganisationKind, UnitAssignmentId, business_date};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::HashMap;

/// Whether an organisation of this kind stands by villages: units of the public side and enterprises do.
fn stands_by(kind: OrganisationKind) -> bool {
    match kind {
        OrganisationKind::FinanceDepartment
        | OrganisationKind::SupervisingUnit
        | OrganisationKind::BudgetUnit
        | OrganisationKind::TradeUnion
        | OrganisationKind::AgricultureOffice
        | OrganisationKind::RevitalisationOffice
        | OrganisationKind::Township
        | OrganisationKind::Enterprise
        | OrganisationKind::Federation => true,
        OrganisationKind::PlatformOperator
        | OrganisationKind::CanteenContractor
        | OrganisationKind::Cooperative
        | OrganisationKind::Company
        | OrganisationKind::FamilyFarm
        | OrganisationKind::AgentTrader
        | OrganisationKind::VillageCommittee
        | OrganisationKind::AuditOffice => false,
    }
}

/// Says that a unit stands by a village.
///
/// # Errors
/// The village is out of reach; the unit is none that does; it does already; a day in the future.
pub(super) async fn assign(
    tx: &Tx,
    grant: &Grant<KeepUnitVillage>,
    new: &AssignUnit,
) -> Result<UnitAssignment, AssistanceError> {
    let mut faults = Vec::new();
    let village = match organisation::is_within(tx, grant.scope(), new.village_id).await? {
        true => organisation::find(tx, new.village_id).await?,
        false => None,
    };
    if village.is_none_or(|row| row.kind != OrganisationKind::VillageCommittee || !row.is_active) {
        let (zh, en) = ("本县没有这个村委会。", "Your county has no such village committee.");
        faults.push(fault("/village_id", zh, en));
    }
    if new.from_date > business_date(tx.now()) {
        faults.push(fault("/from_date", "起始日期不能晚于今天。", "It does not begin in the future."));
    }
    let unit = organisation::find(tx, new.unit_id).await?;
    if unit.is_none() {
        faults.push(fault("/unit_id", "没有这个单位。", "There is no such organisation."));
    }
    if !faults.is_empty() {
        return Err(AssistanceError::Fields(faults));
    }
    if unit.is_none_or(|unit| !unit.is_active || !stands_by(unit.kind)) {
        return Err(AssistanceError::UnitUnfit);
    }
    let row = Model {
        id: UnitAssignmentId::generate(),
        unit_id: new.unit_id,
        village_id: new.village_id,
        from_date: new.from_date,
        until_date: None,
        source: new.source.as_str().to_owned(),
        assigned_by: grant.person()?,
        ended_by: None,
        end_reason: None,
        created_at: tx.now(),
        version: 1,
    };
    store::insert(tx, row.clone()).await.map_err(|error| {
        let is_there = db::is_duplicate(&error, "unit_assignment", &["unit_id", "village_id"]);
        if is_there { AssistanceError::AlreadyAssigned } else { error.into() }
    })?;
    let after = json!({ "unit_id": row.unit_id, "village_id": row.village_id, "from_date": row.from_date });
    tx.audit(Change::made("unit_village.assigned", "unit_assignment", row.id.uuid(), after).because(&row.source))
        .await?;
    one(tx, row).await
}

/// Ends an assignment; it stays on record.
///
/// # Errors
/// Out of reach; stale; ended already; a day that makes no sense.
pub(super) async fn end(
    tx: &Tx,
    grant: &Grant<KeepUnitVillage>,
    (id, seen): (UnitAssignmentId, IfMatch),
    wanted: &EndUnitAssignment,
) -> Result<UnitAssignment, AssistanceError> {
    let row = store::hold(tx, grant.scope(), id).await?.ok_or(AssistanceError::NotFound)?;
    seen.check(row.version).map_err(|_| AssistanceError::Stale)?;
    if row.until_date.is_some() {
        return Err(AssistanceError::AssignmentEnded);
    }
    if wanted.until_date > business_date(tx.now()) || wanted.until_date < row.from_date {
        let (zh, en) = ("终止日期应在起始日期与今天之间。", "The last day lies between the first day and today.");
        return Err(AssistanceError::Fields(vec![fault("/until_date", zh, en)]));
    }
    let reason = wanted.reason.as_str();
    let row = Model {
        until_date: Some(wanted.until_date),
        ended_by: Some(grant.person()?),
        end_reason: Some(reason.to_owned()),
        version: row.version + 1,
        ..row
    };
    store::end(tx, &row).await?;
    tx.audit(Change::moved("unit_village.ended", "unit_assignment", id.uuid(), "open", "ended").because(reason))
        .await?;
    one(tx, row).await
}

/// One page of assignments in reach, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewUnitVillage>,
    wanted: &UnitAssignmentQuery,
) -> Result<Page<UnitAssignment>, Failure> {
    let page = PageQuery { limit: wanted.limit, cursor: wanted.cursor.clone() };
    let (limit, before) = (page.limit()?, page.after()?.map(UnitAssignmentId::from_uuid));
    let rows = store::list(db, grant.scope(), wanted, (before, limit + 1)).await?;
    Ok(Page::of(shown(db, rows).await?, limit, |row| row.id.uuid(), |row| row))
}

/// One assignment in reach.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: UnitAssignmentId,
) -> Result<UnitAssignment, AssistanceError> {
    let row = store::find(db, scope, id).await?.ok_or(AssistanceError::NotFound)?;
    one(db, row).await
}

async fn one(db: &impl ConnectionTrait, row: Model) -> Result<UnitAssignment, AssistanceError> {
    shown(db, vec![row]).await?.pop().ok_or(AssistanceError::NotFound)
}

async fn shown(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<UnitAssignment>, AssistanceError> {
    let mut ids: Vec<OrganisationId> = rows.iter().flat_map(|row| [row.unit_id, row.village_id]).collect();
    ids.sort_unstable();
    ids.dedup();
    let known: HashMap<_, _> = organisation::find_many(db, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let show = |row: Model| {
        Some(UnitAssignment {
            id: row.id,
            unit: known.get(&row.unit_id)?.into(),
            village: known.get(&row.village_id)?.into(),
            from_date: row.from_date,
            until_date: row.until_date,
            source: row.source,
            end_reason: row.end_reason,
            created_at: row.created_at,
            version: row.version,
        })
    };
    Ok(rows.into_iter().filter_map(show).collect())
}
