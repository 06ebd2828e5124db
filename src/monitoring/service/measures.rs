//! Measures: what is done for a monitored household, how it goes on, and that it is done.

use super::super::error::fault;
use super::super::view::{EnterMeasure, FinishMeasure, Measure, MeasureProgress, MeasureQuery, MeasureWithSteps};
use super::super::{MonitoringError, store};
use crate::access::Grant;
use crate::access::policy::{KeepMeasure, ViewMonitoring};
use crate::config::IncomeWindows;
use crate::db::{Change, Tx};
use crate::household::history::is_monitored;
use crate::http::{IfMatch, Page, PageQuery};
use crate::problem::Failure;
use crate::{document, household, welfare};
use chrono::NaiveDate;
use entity::value::{FileId, HouseholdId, MeasureId, MeasureState, business_date};
use entity::{measure, measure_step};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// Enters a measure for a monitored household in reach.
///
/// # Errors
/// Not found; not monitored; fields that are not acceptable.
pub(in crate::monitoring) async fn enter(
    tx: &Tx,
    grant: &Grant<KeepMeasure>,
    household_id: HouseholdId,
    wanted: &EnterMeasure,
    windows: IncomeWindows,
) -> Result<MeasureWithSteps, MonitoringError> {
    let household = household::find_in(tx, grant.scope(), household_id).await?.ok_or(MonitoringError::NotFound)?;
    let today = business_date(tx.now());
    let status = household::status_on(tx, &[household_id], today).await?.remove(&household_id);
    if !status.is_some_and(is_monitored) {
        return Err(MonitoringError::NotMonitored);
    }
    let mut faults = Vec::new();
    if wanted.begun_on > today {
        faults.push(fault("/begun_on", "开始日期不能晚于今天。", "It does not begin in the future."));
    }
    if wanted.due_on < wanted.begun_on {
        faults.push(fault("/due_on", "完成时限早于开始日期。", "It is due before it begins."));
    }
    if !faults.is_empty() {
        return Err(MonitoringError::Fields(faults));
    }
    let standing = welfare::standing(tx, (household_id, &household.county_code), today, windows).await?;
    let row = measure::Model {
        id: MeasureId::generate(),
        household_id,
        county_code: household.county_code,
        village_id: household.village_id,
        risk: wanted.risk,
        kind: wanted.kind,
        content: wanted.content.as_str().to_owned(),
        amount_fen: wanted.amount_fen,
        begun_on: wanted.begun_on,
        due_on: wanted.due_on,
        responsible: wanted.responsible.as_str().to_owned(),
        reference_fen: standing.reference_per_head,
        state: MeasureState::Running,
        closed_on: None,
        evidence_file_id: None,
        organisation_id: grant.organisation()?,
        entered_by: grant.person()?,
        created_at: tx.now(),
        version: 1,
    };
    store::insert_measure(tx, row.clone()).await?;
    let after = json!({ "household_id": household_id, "risk": row.risk, "kind": row.kind, "due_on": row.due_on });
    tx.audit(Change::made("measure.entered", "measure", row.id.uuid(), after)).await?;
    whole(tx, row, today).await
}

/// Measures in reach, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(in crate::monitoring) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewMonitoring>,
    wanted: &MeasureQuery,
    today: NaiveDate,
) -> Result<Page<Measure>, Failure> {
    let page = PageQuery { limit: wanted.limit, cursor: wanted.cursor.clone() };
    let (limit, before) = (page.limit()?, page.after()?);
    let rows = store::list_measures(db, grant.scope(), wanted, (today, before), limit + 1).await;
    let shown = views(db, rows.map_err(MonitoringError::from)?, today).await?;
    Ok(Page::of(shown, limit, |one| one.id.uuid(), |one| one))
}

/// A measure in reach, with how it went on.
///
/// # Errors
/// Not found, or out of reach.
pub(in crate::monitoring) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewMonitoring>,
    id: MeasureId,
    today: NaiveDate,
) -> Result<MeasureWithSteps, MonitoringError> {
    let row = store::find_measure(db, grant.scope(), id).await?.ok_or(MonitoringError::NotFound)?;
    whole(db, row, today).await
}

/// Measures with their households: one question.
async fn views(
    db: &impl ConnectionTrait,
    rows: Vec<measure::Model>,
    today: NaiveDate,
) -> Result<Vec<Measure>, MonitoringError> {
    let ids: Vec<HouseholdId> = rows.iter().map(|row| row.household_id).collect();
    let households = household::briefs(db, &ids).await?;
    let view = |row: measure::Model| {
        let household = households.get(&row.household_id).cloned().ok_or(MonitoringError::NotFound)?;
        Ok(Measure::of(row, household, today))
    };
    rows.into_iter().map(view).collect()
}

async fn whole(
    db: &impl ConnectionTrait,
    row: measure::Model,
    today: NaiveDate,
) -> Result<MeasureWithSteps, MonitoringError> {
    let steps = store::steps_of(db, row.id).await?.into_iter().map(Into::into).collect();
    let measure = views(db, vec![row], today).await?.pop().ok_or(MonitoringError::NotFound)?;
    Ok(MeasureWithSteps { measure, steps })
}

/// A step of a measure that is under way.
async fn step(
    tx: &Tx,
    grant: &Grant<KeepMeasure>,
    (id, seen): (MeasureId, IfMatch),
    (to_state, text, file): (MeasureState, &str, Option<FileId>),
) -> Result<MeasureWithSteps, MonitoringError> {
    let row = store::hold_measure(tx, grant.scope(), id).await?.ok_or(MonitoringError::NotFound)?;
    seen.check(row.version).map_err(|_| MonitoringError::Stale)?;
    if row.state != MeasureState::Running {
        return Err(MonitoringError::WrongState(row.state.as_str()));
    }
    if let Some(file) = file {
        document::require_own(tx, grant.organisation()?, &[file]).await?;
    }
    let today = business_date(tx.now());
    let taken = measure_step::Model {
        measure_id: id,
        number: i32::try_from(row.version).unwrap_or(i32::MAX),
        to_state,
        text: text.to_owned(),
        evidence_file_id: file,
        taken_by: grant.person()?,
        taken_at: tx.now(),
    };
    store::insert_step(tx, taken).await?;
    let is_over = to_state != MeasureState::Running;
    let before = row.state;
    let now = measure::Model {
        state: to_state,
        closed_on: is_over.then_some(today),
        evidence_file_id: if is_over { file } else { row.evidence_file_id },
        ..row
    };
    let now = store::save_measure(tx, now).await?;
    let change = Change::moved("measure.stepped", "measure", id.uuid(), before.as_str(), now.state.as_str());
    tx.audit(change.because(text)).await?;
    whole(tx, now, today).await
}

/// Enters how a measure goes on.
///
/// # Errors
/// Not found, stale, over; a file that is not one's own.
pub(in crate::monitoring) async fn progress(
    tx: &Tx,
    grant: &Grant<KeepMeasure>,
    which: (MeasureId, IfMatch),
    wanted: &MeasureProgress,
) -> Result<MeasureWithSteps, MonitoringError> {
    let said = (MeasureState::Running, wanted.text.as_str(), wanted.evidence_file_id);
    step(tx, grant, which, said).await
}

/// Enters that a measure is done, with what shows it, or was given up.
///
/// # Errors
/// Not found, stale, over; no evidence; a file that is not one's own.
pub(in crate::monitoring) async fn finish(
    tx: &Tx,
    grant: &Grant<KeepMeasure>,
    which: (MeasureId, IfMatch),
    wanted: &FinishMeasure,
) -> Result<MeasureWithSteps, MonitoringError> {
    if wanted.is_done && wanted.evidence_file_id.is_none() {
        let (zh, en) = ("完成措施须有佐证材料。", "A measure that is done has something that shows it.");
        return Err(MonitoringError::Fields(vec![fault("/evidence_file_id", zh, en)]));
    }
    let to_state = if wanted.is_done { MeasureState::Done } else { MeasureState::Ended };
    step(tx, grant, which, (to_state, wanted.text.as_str(), wanted.evidence_file_id)).await
}
