//! What can be done with findings: enter them, give tasks, show that they are done, close or return them, count them.

use super::error::{RectificationError, fault};
use super::rate::rate_bp;
use super::store;
use super::view::{
    CountyFindings, CountyQuality, Finding, FindingQuery, FindingTask, FindingWithTasks, IdentificationQuality,
    NewFinding, NewTask, QualityQuery, RectificationBulletin, SayToTask, SubmitTask, TaskStepTaken,
};
use crate::access::policy::{AssignFinding, CloseFinding, EnterFinding, SubmitFinding, ViewFinding, ViewRectification};
use crate::access::{Grant, Scope, four_eyes};
use crate::adjustment;
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::problem::{Failure, Problem};
use crate::{document, household, organisation, region};
use chrono::NaiveDate;
use entity::value::{
    AreaCode, FileId, FindingId, OrganisationId, PersonId, TaskState, TaskStep, business_date, business_day_begins,
};
use entity::{finding, finding_step, finding_task};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

/// Tasks of one finding.
const MOST_TASKS: usize = 20;

/// Enters a finding.
///
/// # Errors
/// The household or the organisation is out of reach; they lie in different counties; a day in the future.
pub(super) async fn enter(
    tx: &Tx,
    grant: &Grant<EnterFinding>,
    new: &NewFinding,
) -> Result<FindingWithTasks, RectificationError> {
    let today = business_date(tx.now());
    let mut faults = Vec::new();
    let mut counties: Vec<AreaCode> = Vec::new();
    if let Some(id) = new.household_id {
        match household::find_in(tx, grant.scope(), id).await? {
            Some(row) => counties.push(row.county_code),
            None => faults.push(fault(
                "/household_id",
                "在您的范围内没有此户。",
                "There is no such household in your reach.",
            )),
        }
    }
    if let Some(id) = new.organisation_id {
        match organisation::is_within(tx, grant.scope(), id).await? {
            true => counties.extend(organisation::find(tx, id).await?.map(|row| row.division_code)),
            false => faults.push(fault(
                "/organisation_id",
                "在您的范围内没有这个单位。",
                "There is no such organisation in your reach.",
            )),
        }
    }
    if new.household_id.is_none() && new.organisation_id.is_none() {
        faults.push(fault(
            "/organisation_id",
            "请说明涉及的农户或单位。",
            "Say which household or organisation it is about.",
        ));
    }
    if counties.windows(2).any(|pair| pair[0] != pair[1]) {
        faults.push(fault(
            "/organisation_id",
            "农户与单位不在同一县。",
            "The household and the organisation lie in different counties.",
        ));
    }
    if new.found_on > today {
        faults.push(fault("/found_on", "发现日期不能晚于今天。", "It was not found in the future."));
    }
    let Some(county_code) = counties.into_iter().next().filter(|_| faults.is_empty()) else {
        return Err(RectificationError::Fields(faults));
    };
    let id = FindingId::generate();
    let row = finding::Model {
        id,
        number: format!("ZG{}-{}", today.format("%Y%m%d"), id.to_string()[28..].to_ascii_uppercase()),
        source: new.source,
        paper: new.paper.as_str().to_owned(),
        text: new.text.as_str().to_owned(),
        county_code,
        household_id: new.household_id,
        organisation_id: new.organisation_id,
        found_on: new.found_on,
        entered_by: grant.person()?,
        rule_id: None,
        cause: None,
        figures: None,
        created_at: tx.now(),
        closed_at: None,
        version: 1,
    };
    store::insert(tx, row.clone()).await?;
    let after = json!({
        "number": row.number, "source": row.source, "household_id": row.household_id,
        "organisation_id": row.organisation_id,
    });
    tx.audit(Change::made("finding.entered", "finding", id.uuid(), after).because(&row.paper)).await?;
    shown(tx, grant.scope(), row, today).await
}

async fn hold(tx: &Tx, scope: &Scope, (id, seen): (FindingId, IfMatch)) -> Result<finding::Model, RectificationError> {
    let row = store::hold(tx, scope, id).await?.ok_or(RectificationError::NotFound)?;
    seen.check(row.version).map_err(|_| RectificationError::Stale)?;
    Ok(row)
}

/// Gives a task that follows from a finding; one that was closed is open again.
///
/// # Errors
/// Not found; changed meanwhile; the owner is not of the county; a day in the past; there are twenty.
pub(super) async fn assign(
    tx: &Tx,
    grant: &Grant<AssignFinding>,
    place: (FindingId, IfMatch),
    new: &NewTask,
) -> Result<FindingWithTasks, RectificationError> {
    let today = business_date(tx.now());
    let row = hold(tx, grant.scope(), place).await?;
    let mut faults = Vec::new();
    let owner = organisation::find(tx, new.owner_id).await?;
    if owner.is_none_or(|owner| !owner.is_active || owner.division_code != row.county_code) {
        faults.push(fault("/owner_id", "本县没有这个单位。", "There is no such organisation in the county."));
    }
    if new.due_on < today {
        faults.push(fault("/due_on", "整改时限不能早于今天。", "It is not due in the past."));
    }
    if !faults.is_empty() {
        return Err(RectificationError::Fields(faults));
    }
    let has = store::tasks_of(tx, &[row.id]).await?.len();
    if has >= MOST_TASKS {
        return Err(RectificationError::TooManyTasks);
    }
    let number = i32::try_from(has).unwrap_or(i32::MAX).saturating_add(1);
    let task = finding_task::Model {
        finding_id: row.id,
        number,
        text: new.text.as_str().to_owned(),
        owner_id: new.owner_id,
        responsible: new.responsible.as_str().to_owned(),
        due_on: new.due_on,
        state: TaskState::Open,
        submitted_by: None,
        closed_at: None,
    };
    store::insert_task(tx, task).await?;
    let act = Act { step: TaskStep::Assign, text: new.text.as_str(), file: None };
    take(tx, (row.id, number), act, (grant.organisation()?, grant.person()?)).await?;
    let row = store::save(tx, finding::Model { closed_at: None, ..row }).await?;
    let after = json!({ "task": number, "owner_id": new.owner_id, "due_on": new.due_on });
    tx.audit(Change::made("finding.task_assigned", "finding", row.id.uuid(), after)).await?;
    shown(tx, grant.scope(), row, today).await
}

/// A step as it is taken.
#[derive(Debug, Clone, Copy)]
struct Act<'a> {
    step: TaskStep,
    text: &'a str,
    file: Option<FileId>,
}

async fn take(
    tx: &Tx,
    (finding_id, task_number): (FindingId, i32),
    act: Act<'_>,
    (organisation_id, taken_by): (OrganisationId, PersonId),
) -> Result<(), RectificationError> {
    let known = store::steps_of(tx, finding_id).await?.into_iter().filter(|step| step.task_number == task_number);
    let row = finding_step::Model {
        finding_id,
        task_number,
        number: i32::try_from(known.count()).unwrap_or(i32::MAX).saturating_add(1),
        step: act.step,
        text: act.text.to_owned(),
        file_id: act.file,
        organisation_id,
        taken_by,
        taken_at: tx.now(),
    };
    Ok(store::insert_step(tx, row).await?)
}

/// A task of a finding, which is held.
async fn task(
    tx: &Tx,
    scope: &Scope,
    (id, number): (FindingId, i32),
    seen: IfMatch,
) -> Result<(finding::Model, finding_task::Model), RectificationError> {
    store::find(tx, scope, id).await?.ok_or(RectificationError::NotFound)?;
    let task = store::tasks_of(tx, &[id]).await?.into_iter().find(|task| task.number == number);
    let own = |task: &finding_task::Model| match scope {
        Scope::Organisation(own) => task.owner_id == *own,
        _ => true,
    };
    let task = task.filter(own).ok_or(RectificationError::NotFound)?;
    Ok((hold(tx, scope, (id, seen)).await?, task))
}

/// Its owner says that a task is done, and shows it.
///
/// # Errors
/// Not found, or another's; changed meanwhile; it was shown or closed before; a file that is not yours.
pub(super) async fn submit(
    tx: &Tx,
    grant: &Grant<SubmitFinding>,
    (id, number): (FindingId, i32),
    seen: IfMatch,
    wanted: &SubmitTask,
) -> Result<FindingWithTasks, RectificationError> {
    let (row, task) = task(tx, grant.scope(), (id, number), seen).await?;
    if task.state != TaskState::Open {
        return Err(RectificationError::WrongState { from: task.state, step: TaskStep::Submit });
    }
    document::require_own(tx, grant.organisation()?, &[wanted.file_id]).await?;
    let by = grant.person()?;
    store::move_task(tx, (id, number), TaskState::Submitted, (Some(by), None)).await?;
    let act = Act { step: TaskStep::Submit, text: wanted.text.as_str(), file: Some(wanted.file_id) };
    take(tx, (id, number), act, (grant.organisation()?, by)).await?;
    let row = store::save(tx, row).await?;
    moved(tx, (id, number), "finding.task_submitted", (TaskState::Open, TaskState::Submitted)).await?;
    shown(tx, grant.scope(), row, business_date(tx.now())).await
}

async fn moved(
    tx: &Tx,
    (id, number): (FindingId, i32),
    operation: &str,
    (from, to): (TaskState, TaskState),
) -> Result<(), RectificationError> {
    let mut change = Change::moved(operation, "finding", id.uuid(), from.as_str(), to.as_str());
    change.after = Some(json!({ "task": number, "state": to }));
    Ok(tx.audit(change).await?)
}

/// Closes a task that was shown to be done, or returns it. Whoever said that it is done does neither.
///
/// # Errors
/// Not found; changed meanwhile; not shown to be done; by whoever said so.
pub(super) async fn conclude(
    tx: &Tx,
    grant: &Grant<CloseFinding>,
    (id, number): (FindingId, i32),
    seen: IfMatch,
    (step, wanted): (TaskStep, &SayToTask),
) -> Result<FindingWithTasks, RectificationError> {
    let (row, task) = task(tx, grant.scope(), (id, number), seen).await?;
    if task.state != TaskState::Submitted {
        return Err(RectificationError::WrongState { from: task.state, step });
    }
    let by = grant.person()?;
    four_eyes::apart(task.submitted_by, by)?;
    let is_closing = step == TaskStep::Close;
    let (to, operation) = match is_closing {
        true => (TaskState::Closed, "finding.task_closed"),
        false => (TaskState::Open, "finding.task_returned"),
    };
    store::move_task(tx, (id, number), to, (task.submitted_by, is_closing.then(|| tx.now()))).await?;
    take(tx, (id, number), Act { step, text: wanted.text.as_str(), file: None }, (grant.organisation()?, by)).await?;
    let tasks = store::tasks_of(tx, &[id]).await?;
    let is_over = tasks.iter().all(|task| task.state == TaskState::Closed);
    let row = store::save(tx, finding::Model { closed_at: is_over.then(|| tx.now()), ..row }).await?;
    moved(tx, (id, number), operation, (TaskState::Submitted, to)).await?;
    shown(tx, grant.scope(), row, business_date(tx.now())).await
}

/// One page of findings in reach, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewFinding>,
    wanted: &FindingQuery,
    today: NaiveDate,
) -> Result<Page<Finding>, Failure> {
    let page = PageQuery { limit: wanted.limit, cursor: wanted.cursor.clone() };
    let (limit, before) = (page.limit()?, page.after()?.map(FindingId::from_uuid));
    let rows = store::list(db, grant.scope(), wanted, today, (before, limit + 1)).await?;
    let ids: Vec<FindingId> = rows.iter().map(|row| row.id).collect();
    let tasks = store::tasks_of(db, &ids).await?;
    let shown = findings(db, grant.scope(), rows, &tasks, today).await?;
    Ok(Page::of(shown, limit, |row| row.id.uuid(), |row| row))
}

/// One finding in reach.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewFinding>,
    id: FindingId,
    today: NaiveDate,
) -> Result<FindingWithTasks, RectificationError> {
    let row = store::find(db, grant.scope(), id).await?.ok_or(RectificationError::NotFound)?;
    shown(db, grant.scope(), row, today).await
}

fn is_late(task: &finding_task::Model, today: NaiveDate) -> bool {
    task.state != TaskState::Closed && task.due_on < today
}

async fn briefs(
    db: &impl ConnectionTrait,
    ids: impl Iterator<Item = OrganisationId>,
) -> Result<HashMap<OrganisationId, organisation::OrganisationBrief>, RectificationError> {
    let mut ids: Vec<OrganisationId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(organisation::find_many(db, &ids).await?.into_iter().map(|row| (row.id, (&row).into())).collect())
}

async fn findings(
    db: &impl ConnectionTrait,
    scope: &Scope,
    rows: Vec<finding::Model>,
    tasks: &[finding_task::Model],
    today: NaiveDate,
) -> Result<Vec<Finding>, RectificationError> {
    // Whoever only has a task of it learns nothing of a household that they do not see.
    let sees_households = matches!(scope, Scope::Everything | Scope::County(_));
    let households: Vec<_> = rows.iter().filter_map(|row| row.household_id.filter(|_| sees_households)).collect();
    let households = household::briefs(db, &households).await?;
    let organisations = briefs(db, rows.iter().filter_map(|row| row.organisation_id)).await?;
    let show = |row: finding::Model| {
        let count = |wanted: &dyn Fn(&finding_task::Model) -> bool| {
            let own = tasks.iter().filter(|task| task.finding_id == row.id && wanted(task));
            i64::try_from(own.count()).unwrap_or(i64::MAX)
        };
        Finding {
            tasks: count(&|_| true),
            closed_tasks: count(&|task| task.state == TaskState::Closed),
            overdue_tasks: count(&|task| is_late(task, today)),
            id: row.id,
            number: row.number,
            source: row.source,
            paper: row.paper,
            text: row.text,
            county_code: row.county_code,
            household: row.household_id.and_then(|id| households.get(&id).cloned()),
            organisation: row.organisation_id.and_then(|id| organisations.get(&id).cloned()),
            found_on: row.found_on,
            rule_id: row.rule_id,
            figures: row.figures.filter(|_| sees_households).and_then(|text| serde_json::from_str(&text).ok()),
            created_at: row.created_at,
            closed_at: row.closed_at,
            version: row.version,
        }
    };
    Ok(rows.into_iter().map(show).collect())
}

async fn shown(
    db: &impl ConnectionTrait,
    scope: &Scope,
    row: finding::Model,
    today: NaiveDate,
) -> Result<FindingWithTasks, RectificationError> {
    let id = row.id;
    let tasks = store::tasks_of(db, &[id]).await?;
    let mut steps: HashMap<i32, Vec<TaskStepTaken>> = HashMap::new();
    for step in store::steps_of(db, id).await? {
        let finding_step::Model {
            finding_id: _,
            task_number,
            number: _,
            step,
            text,
            file_id,
            organisation_id,
            taken_by,
            taken_at,
        } = step;
        let taken = TaskStepTaken { step, text, file_id, organisation_id, taken_by, taken_at };
        steps.entry(task_number).or_default().push(taken);
    }
    let owners = briefs(db, tasks.iter().map(|task| task.owner_id)).await?;
    let finding = findings(db, scope, vec![row], &tasks, today).await?.pop().ok_or(RectificationError::NotFound)?;
    let item = |task: finding_task::Model| {
        Some(FindingTask {
            is_overdue: is_late(&task, today),
            steps: steps.remove(&task.number).unwrap_or_default(),
            number: task.number,
            text: task.text,
            owner: owners.get(&task.owner_id)?.clone(),
            responsible: task.responsible,
            due_on: task.due_on,
            state: task.state,
            closed_at: task.closed_at,
        })
    };
    Ok(FindingWithTasks { finding, items: tasks.into_iter().filter_map(item).collect() })
}

/// The names of counties.
async fn names(
    db: &impl ConnectionTrait,
    codes: impl Iterator<Item = AreaCode>,
) -> Result<HashMap<AreaCode, String>, RectificationError> {
    let codes: Vec<AreaCode> = codes.collect();
    Ok(region::divisions(db, &codes).await?.into_iter().map(|row| (row.code, row.name)).collect())
}

/// How the counties in reach stand with their findings, the one with the most late tasks first.
///
/// # Errors
/// When the database cannot be asked.
pub(super) async fn bulletin(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewRectification>,
    today: NaiveDate,
) -> Result<RectificationBulletin, RectificationError> {
    let mut counties: BTreeMap<String, CountyFindings> = BTreeMap::new();
    let found = store::findings_by_county(db, grant.scope()).await?;
    let names = names(db, found.iter().map(|row| row.county_code.clone())).await?;
    for row in found {
        let county_name = names.get(&row.county_code).cloned().unwrap_or_default();
        let county = CountyFindings {
            county_code: row.county_code,
            county_name,
            open_findings: row.one,
            without_task: row.two,
            open_tasks: 0,
            overdue_tasks: 0,
            closed_tasks: 0,
        };
        counties.insert(county.county_code.to_string(), county);
    }
    for row in store::tasks_by_county(db, grant.scope(), today).await? {
        if let Some(county) = counties.get_mut(row.county_code.as_str()) {
            (county.open_tasks, county.overdue_tasks, county.closed_tasks) = (row.one, row.two, row.three);
        }
    }
    let mut items: Vec<CountyFindings> = counties.into_values().collect();
    items.sort_by_key(|county| std::cmp::Reverse(county.overdue_tasks));
    Ok(RectificationBulletin { as_of: today, items })
}

/// How well the households of the counties in reach are identified, by the cases decided in a period.
///
/// # Errors
/// A period that ends before it begins; the database.
pub(super) async fn quality(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewRectification>,
    wanted: &QualityQuery,
) -> Result<IdentificationQuality, Failure> {
    let QualityQuery { from, to } = *wanted;
    let Some(until) = to.succ_opt().filter(|until| from < *until) else {
        let (zh, en) = ("起始日不能晚于截止日。", "The period does not end before it begins.");
        return Err(Problem::invalid("?from", zh, en).into());
    };
    let period = (business_day_begins(from), business_day_begins(until));
    let counted = adjustment::identified(db, grant.scope(), period).await?;
    let names = names(db, counted.iter().map(|row| row.county_code.clone())).await?;
    let of = |row: adjustment::Identified| {
        let adjustment::Identified { county_code, checked, omitted, exits_checked, wrong_exits } = row;
        CountyQuality {
            county_name: names.get(&county_code).cloned().unwrap_or_default(),
            county_code,
            checked_households: checked,
            omitted_households: omitted,
            omission_rate_bp: rate_bp(omitted, checked),
            checked_exits: exits_checked,
            wrong_exits,
            wrong_exit_rate_bp: rate_bp(wrong_exits, exits_checked),
        }
    };
    let source = "decided adjustment cases".to_owned();
    Ok(IdentificationQuality { from, to, source, items: counted.into_iter().map(of).collect() })
}
