//! What can be done with plans: make one, add to it, say how a measure came along, read them.

use super::super::error::{AssistanceError, fault};
use super::store;
use super::view::{
    FourLists, HelpPlan, HelpPlanQuery, HelpPlanWithItems, NewHelpPlan, NewPlanItem, NewProgress, PlanItem,
    PlannedProgress,
};
use crate::access::policy::{KeepHelpPlan, ViewHelpPlan};
use crate::access::{Grant, Scope};
use crate::db::{self, Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::problem::{Failure, FieldProblem};
use crate::{document, household, organisation};
use chrono::{Datelike, NaiveDate};
use entity::value::{HelpPlanId, OrganisationId, PlannedState, business_date};
use entity::{help_plan, help_plan_item, help_plan_progress};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::HashMap;

/// Items of one plan.
const MOST_ITEMS: usize = 30;

/// Makes a plan.
///
/// # Errors
/// The household is out of reach or has a plan for the year; a field is not acceptable.
pub(super) async fn make(
    tx: &Tx,
    grant: &Grant<KeepHelpPlan>,
    new: &NewHelpPlan,
) -> Result<HelpPlanWithItems, AssistanceError> {
    let today = business_date(tx.now());
    let mut faults = Vec::new();
    let found = household::find_in(tx, grant.scope(), new.household_id).await?;
    if found.is_none_or(|row| row.people == 0) {
        faults.push(fault("/household_id", "在您的范围内没有此户。", "There is no such household in your reach."));
    }
    if !(today.year()..=today.year() + 1).contains(&new.year) {
        faults.push(fault("/year", "应为今年或明年。", "It is for this year or the next."));
    }
    if !(1..=MOST_ITEMS).contains(&new.items.len()) {
        faults.push(fault("/items", "应有 1 至 30 项。", "There are 1 to 30 items."));
    }
    faults.extend(faults_of(tx, &new.items, "/items", today).await?);
    if !faults.is_empty() {
        return Err(AssistanceError::Fields(faults));
    }
    let row = help_plan::Model {
        id: HelpPlanId::generate(),
        household_id: new.household_id,
        year: new.year,
        cause: new.cause,
        situation: new.situation.as_str().to_owned(),
        made_by: grant.person()?,
        organisation_id: grant.organisation()?,
        created_at: tx.now(),
        version: 1,
    };
    store::insert(tx, row.clone()).await.map_err(|error| {
        let is_there = db::is_duplicate(&error, "help_plan", &["household_id", "year"]);
        if is_there { AssistanceError::PlanExists } else { error.into() }
    })?;
    store::insert_items(tx, rows_of(row.id, 1, &new.items)).await?;
    let after =
        json!({ "household_id": row.household_id, "year": row.year, "cause": row.cause, "items": new.items.len() });
    tx.audit(Change::made("help_plan.made", "help_plan", row.id.uuid(), after)).await?;
    shown(tx, row, today).await
}

/// Everything wrong with items; the units they name are there and act.
async fn faults_of(
    db: &impl ConnectionTrait,
    items: &[NewPlanItem],
    at: &str,
    today: NaiveDate,
) -> Result<Vec<FieldProblem>, AssistanceError> {
    let units: Vec<OrganisationId> = items.iter().filter_map(|item| item.unit_id).collect();
    let known = organisation::find_many(db, &units).await?;
    let mut faults = Vec::new();
    for (number, item) in items.iter().enumerate() {
        let is_known = |id: OrganisationId| known.iter().any(|unit| unit.id == id && unit.is_active);
        if item.unit_id.is_some_and(|id| !is_known(id)) {
            faults.push(fault(format!("{at}/{number}/unit_id"), "没有这个单位。", "There is no such organisation."));
        }
        if item.due_on < today {
            faults.push(fault(format!("{at}/{number}/due_on"), "时限不能早于今天。", "It is not due in the past."));
        }
    }
    Ok(faults)
}

fn rows_of(plan_id: HelpPlanId, first: i32, items: &[NewPlanItem]) -> Vec<help_plan_item::Model> {
    let row = |(item, number): (&NewPlanItem, i32)| help_plan_item::Model {
        plan_id,
        number,
        need: item.need.as_str().to_owned(),
        kind: item.kind,
        measure: item.measure.as_str().to_owned(),
        amount_fen: item.amount_fen,
        responsible: item.responsible.as_str().to_owned(),
        unit_id: item.unit_id,
        target: item.target.as_str().to_owned(),
        due_on: item.due_on,
        state: PlannedState::Open,
        ended_on: None,
    };
    items.iter().zip(first..).map(row).collect()
}

async fn hold(tx: &Tx, scope: &Scope, (id, seen): (HelpPlanId, IfMatch)) -> Result<help_plan::Model, AssistanceError> {
    let row = store::hold(tx, scope, id).await?.ok_or(AssistanceError::NotFound)?;
    seen.check(row.version).map_err(|_| AssistanceError::Stale)?;
    Ok(row)
}

/// Adds an item to a plan.
///
/// # Errors
/// Not found; changed meanwhile; a field is not acceptable; there are thirty.
pub(super) async fn add(
    tx: &Tx,
    grant: &Grant<KeepHelpPlan>,
    place: (HelpPlanId, IfMatch),
    new: &NewPlanItem,
) -> Result<HelpPlanWithItems, AssistanceError> {
    let today = business_date(tx.now());
    let row = hold(tx, grant.scope(), place).await?;
    let has = store::items_of(tx, &[row.id]).await?.len();
    let mut faults: Vec<FieldProblem> = faults_of(tx, std::slice::from_ref(new), "", today).await?;
    for fault in &mut faults {
        fault.pointer = fault.pointer.replacen("/0", "", 1);
    }
    if has >= MOST_ITEMS {
        faults.push(fault("/need", "每份计划至多 30 项。", "A plan has 30 items at most."));
    }
    if !faults.is_empty() {
        return Err(AssistanceError::Fields(faults));
    }
    let number = i32::try_from(has).unwrap_or(i32::MAX).saturating_add(1);
    store::insert_items(tx, rows_of(row.id, number, std::slice::from_ref(new))).await?;
    store::touch(tx, row.id).await?;
    let after = json!({ "number": number, "kind": new.kind, "amount_fen": new.amount_fen, "due_on": new.due_on });
    tx.audit(Change::made("help_plan.item_added", "help_plan", row.id.uuid(), after)).await?;
    shown(tx, help_plan::Model { version: row.version + 1, ..row }, today).await
}

/// Says how a measure came along.
///
/// # Errors
/// Not found; changed meanwhile; it ended before; a day in the future; done with nothing that shows it.
pub(super) async fn progress(
    tx: &Tx,
    grant: &Grant<KeepHelpPlan>,
    (id, number): (HelpPlanId, i32),
    seen: IfMatch,
    new: &NewProgress,
) -> Result<HelpPlanWithItems, AssistanceError> {
    let today = business_date(tx.now());
    let found = store::find(tx, grant.scope(), id).await?.ok_or(AssistanceError::NotFound)?;
    let items = store::items_of(tx, &[found.id]).await?;
    let item = items.iter().find(|item| item.number == number).ok_or(AssistanceError::NotFound)?;
    let row = hold(tx, grant.scope(), (id, seen)).await?;
    if item.state != PlannedState::Open {
        return Err(AssistanceError::Ended);
    }
    let files: Vec<_> = new.file_id.into_iter().collect();
    document::require_own(tx, grant.organisation()?, &files).await?;
    let mut faults = Vec::new();
    if new.on_date > today {
        faults.push(fault("/on_date", "日期不能晚于今天。", "The day is not in the future."));
    }
    if new.state == PlannedState::Done && new.file_id.is_none() {
        faults.push(fault("/file_id", "完成须有佐证文件。", "What is done is shown by a file."));
    }
    if !faults.is_empty() {
        return Err(AssistanceError::Fields(faults));
    }
    let known = store::progress_of(tx, id).await?.into_iter().filter(|one| one.item_number == number).count();
    let entry = help_plan_progress::Model {
        plan_id: id,
        item_number: number,
        number: i32::try_from(known).unwrap_or(i32::MAX).saturating_add(1),
        on_date: new.on_date,
        text: new.text.as_str().to_owned(),
        state: new.state,
        file_id: new.file_id,
        entered_by: grant.person()?,
        created_at: tx.now(),
    };
    store::insert_progress(tx, entry).await?;
    if new.state != PlannedState::Open {
        store::end_item(tx, (id, number), new.state, new.on_date).await?;
    }
    store::touch(tx, id).await?;
    let mut change =
        Change::moved("help_plan.progress", "help_plan", id.uuid(), PlannedState::Open.as_str(), new.state.as_str());
    change.after = Some(json!({ "number": number, "state": new.state, "on_date": new.on_date }));
    tx.audit(change).await?;
    shown(tx, help_plan::Model { version: row.version + 1, ..row }, today).await
}

/// One page of plans in reach, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewHelpPlan>,
    wanted: &HelpPlanQuery,
    today: NaiveDate,
) -> Result<Page<HelpPlan>, Failure> {
    let page = PageQuery { limit: wanted.limit, cursor: wanted.cursor.clone() };
    let (limit, before) = (page.limit()?, page.after()?.map(HelpPlanId::from_uuid));
    let rows = store::list(db, grant.scope(), wanted, today, (before, limit + 1)).await?;
    let ids: Vec<HelpPlanId> = rows.iter().map(|row| row.id).collect();
    let households: Vec<_> = rows.iter().map(|row| row.household_id).collect();
    let households = household::briefs(db, &households).await?;
    let mut items: HashMap<HelpPlanId, Vec<help_plan_item::Model>> = HashMap::new();
    for item in store::items_of(db, &ids).await? {
        items.entry(item.plan_id).or_default().push(item);
    }
    let summary = |row: help_plan::Model| {
        let household = households.get(&row.household_id)?.clone();
        let items = items.get(&row.id).map_or(&[][..], Vec::as_slice);
        Some(summary(row, household, items, today))
    };
    let shown: Vec<HelpPlan> = rows.into_iter().filter_map(summary).collect();
    Ok(Page::of(shown, limit, |row| row.id.uuid(), |row| row))
}

/// One plan in reach.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewHelpPlan>,
    id: HelpPlanId,
    today: NaiveDate,
) -> Result<HelpPlanWithItems, AssistanceError> {
    let row = store::find(db, grant.scope(), id).await?.ok_or(AssistanceError::NotFound)?;
    shown(db, row, today).await
}

fn is_overdue(item: &help_plan_item::Model, today: NaiveDate) -> bool {
    item.state == PlannedState::Open && item.due_on < today
}

fn summary(
    row: help_plan::Model,
    household: household::view::HouseholdBrief,
    items: &[help_plan_item::Model],
    today: NaiveDate,
) -> HelpPlan {
    let count = |wanted: &dyn Fn(&help_plan_item::Model) -> bool| {
        i64::try_from(items.iter().filter(|item| wanted(item)).count()).unwrap_or(i64::MAX)
    };
    let help_plan::Model {
        id,
        household_id: _,
        year,
        cause,
        situation: _,
        made_by,
        organisation_id,
        created_at,
        version,
    } = row;
    HelpPlan {
        id,
        household,
        year,
        cause,
        measures: count(&|_| true),
        done: count(&|item| item.state == PlannedState::Done),
        overdue: count(&|item| is_overdue(item, today)),
        made_by,
        organisation_id,
        created_at,
        version,
    }
}

async fn shown(
    db: &impl ConnectionTrait,
    row: help_plan::Model,
    today: NaiveDate,
) -> Result<HelpPlanWithItems, AssistanceError> {
    let household = household::briefs(db, &[row.household_id]).await?.remove(&row.household_id);
    let household = household.ok_or(AssistanceError::NotFound)?;
    let items = store::items_of(db, &[row.id]).await?;
    let mut progress: HashMap<i32, Vec<PlannedProgress>> = HashMap::new();
    for one in store::progress_of(db, row.id).await? {
        let help_plan_progress::Model {
            plan_id: _,
            item_number,
            number: _,
            on_date,
            text,
            state,
            file_id,
            entered_by,
            created_at,
        } = one;
        let one = PlannedProgress { on_date, text, state, file_id, entered_by, created_at };
        progress.entry(item_number).or_default().push(one);
    }
    let lists = FourLists::of(&items);
    let situation = row.situation.clone();
    let plan = summary(row, household, &items, today);
    let item = |item: help_plan_item::Model| PlanItem {
        is_overdue: is_overdue(&item, today),
        progress: progress.remove(&item.number).unwrap_or_default(),
        number: item.number,
        need: item.need,
        kind: item.kind,
        measure: item.measure,
        amount_fen: item.amount_fen,
        responsible: item.responsible,
        unit_id: item.unit_id,
        target: item.target,
        due_on: item.due_on,
        state: item.state,
        ended_on: item.ended_on,
    };
    Ok(HelpPlanWithItems { plan, situation, items: items.into_iter().map(item).collect(), lists })
}
