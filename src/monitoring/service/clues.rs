//! Clues: opened by a rule or a comparison, then taken up, or held to be nothing by two people.

use super::super::error::fault;
use super::super::event::ClueOpened;
use super::super::terms::due_on;
use super::super::view::{AskDismissal, Clue, ClueQuery, DecideDismissal, TakeUpClue};
use super::super::{MonitoringError, store};
use crate::access::policy::{AnswerClue, DecideClue, ViewMonitoring};
use crate::access::{Action, Grant, four_eyes};
use crate::adjustment::{self, Warning};
use crate::db::{Change, Tx};
use crate::household::history::is_monitored;
use crate::http::{IfMatch, Page, PageQuery};
use crate::problem::Failure;
use crate::secrecy::Secrets;
use crate::{household, organisation};
use chrono::NaiveDate;
use entity::monitoring_clue;
use entity::value::{
    AdjustmentId, AreaCode, ClueId, ClueKind, ClueState, HouseholdId, MeasureId, MeasureState, MonitoringRuleId,
    OrganisationId, OrganisationKind, business_date,
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// Something that was found about a household.
pub(super) struct Found {
    pub household: HouseholdId,
    pub county: AreaCode,
    pub village: OrganisationId,
    pub rule: Option<MonitoringRuleId>,
    pub kind: ClueKind,
    pub figures: Value,
}

/// The row of a clue.
fn row(tx: &Tx, found: &Found) -> Result<monitoring_clue::Model, MonitoringError> {
    let (id, today) = (ClueId::generate(), business_date(tx.now()));
    Ok(monitoring_clue::Model {
        id,
        number: format!("YJ{}-{}", today.format("%Y%m%d"), id.to_string()[24..].to_ascii_uppercase()),
        household_id: found.household,
        county_code: found.county.clone(),
        village_id: found.village,
        rule_id: found.rule,
        kind: found.kind,
        figures: serde_json::to_string(&found.figures)?,
        opened_on: today,
        state: ClueState::Open,
        answered_on: None,
        asked_by: None,
        asked_at: None,
        asked_reason: None,
        decided_by: None,
        decided_at: None,
        decision: None,
        adjustment_id: None,
        measure_id: None,
        created_at: tx.now(),
        version: 1,
    })
}

/// Opens clues where none waits, and tells the villages and the county's office of those that were opened. Says how many.
pub(super) async fn open(tx: &Tx, found: &[Found], office: Option<OrganisationId>) -> Result<u64, MonitoringError> {
    let rows = found.iter().map(|one| row(tx, one)).collect::<Result<Vec<_>, _>>()?;
    let opened = store::open_clues(tx, rows.clone()).await?;
    let told = if usize::try_from(opened) == Ok(rows.len()) {
        rows
    } else {
        let ids: Vec<ClueId> = rows.iter().map(|row| row.id).collect();
        let there = store::clues_among(tx, &ids).await?;
        rows.into_iter().filter(|row| there.contains(&row.id)).collect()
    };
    let told = told.iter().map(|row| opened_event(row, office)).collect::<Result<Vec<_>, _>>()?;
    tx.emit_all(&told).await?;
    Ok(opened)
}

fn opened_event(row: &monitoring_clue::Model, office: Option<OrganisationId>) -> Result<ClueOpened, MonitoringError> {
    Ok(ClueOpened {
        clue: row.id,
        number: row.number.clone(),
        household: row.household_id,
        village: row.village_id,
        office,
        kind: row.kind,
        due_on: due_on(row.opened_on)?,
    })
}

/// The county's office of rural revitalisation, which is told of clues.
pub(super) async fn office_of(
    db: &impl ConnectionTrait,
    county: &AreaCode,
) -> Result<Option<OrganisationId>, MonitoringError> {
    let found = organisation::find_seated(db, OrganisationKind::RevitalisationOffice, county).await?;
    Ok(found.map(|office| office.id))
}

/// A clue that no rule gives: what a comparison flagged (部门比对疑点).
#[derive(Debug, Clone)]
pub struct NewClue {
    /// The household.
    pub household: HouseholdId,
    /// What was found, with its sources. Nothing personal.
    pub figures: Value,
}

/// Opens a clue about a flagged comparison, in the caller's transaction; gives the one that waits already, where there is one.
///
/// # Errors
/// There is no such household; the database.
pub async fn open_clue(tx: &Tx, new: NewClue) -> Result<ClueId, MonitoringError> {
    let household = household::hold(tx, new.household).await?.ok_or(MonitoringError::NotFound)?;
    let kind = ClueKind::FlaggedComparison;
    if let Some(waiting) = store::waiting_without_rule(tx, household.id, kind).await? {
        return Ok(waiting.id);
    }
    let (county, village) = (household.county_code, household.village_id);
    let found = Found { household: household.id, county, village, rule: None, kind, figures: new.figures };
    let row = row(tx, &found)?;
    let id = row.id;
    let after = json!({ "number": row.number, "household_id": row.household_id, "kind": row.kind });
    let told = opened_event(&row, office_of(tx, &row.county_code).await?)?;
    store::open_clues(tx, vec![row]).await?;
    tx.audit(Change::made("clue.opened", "monitoring_clue", id.uuid(), after)).await?;
    tx.emit(&told).await?;
    Ok(id)
}

/// The clues of a village that wait and are due soon or late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueInVillage {
    /// Its county.
    pub county_code: AreaCode,
    /// The village committee.
    pub village_id: OrganisationId,
    /// How many.
    pub clues: i64,
    /// Of these, how many are late.
    pub late: i64,
    /// The first day on which one was or is due.
    pub first_due_on: NaiveDate,
}

/// The clues that wait and are due by a day, village by village; late are those that were due before today.
///
/// # Errors
/// The database; a day beyond the calendar.
pub async fn due_by_village(
    db: &impl ConnectionTrait,
    today: NaiveDate,
    by: NaiveDate,
) -> Result<Vec<DueInVillage>, MonitoringError> {
    let mut villages: BTreeMap<OrganisationId, DueInVillage> = BTreeMap::new();
    for (county_code, village_id, opened_on, clues) in store::waiting_by_day(db, by).await? {
        let first_due_on = due_on(opened_on)?;
        let village = villages.entry(village_id);
        let village = village.or_insert(DueInVillage { county_code, village_id, clues: 0, late: 0, first_due_on });
        village.clues = village.clues.saturating_add(clues);
        if first_due_on < today {
            village.late = village.late.saturating_add(clues);
        }
        village.first_due_on = village.first_due_on.min(first_due_on);
    }
    Ok(villages.into_values().collect())
}

/// Clues in reach, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(in crate::monitoring) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewMonitoring>,
    wanted: &ClueQuery,
    today: NaiveDate,
) -> Result<Page<Clue>, Failure> {
    let page = PageQuery { limit: wanted.limit, cursor: wanted.cursor.clone() };
    let (limit, before) = (page.limit()?, page.after()?);
    let rows = store::list_clues(db, grant.scope(), wanted, (today, before), limit + 1)
        .await
        .map_err(MonitoringError::from)?;
    Ok(Page::of(views(db, rows).await?, limit, |one| one.id.uuid(), |one| one))
}

/// A clue in reach.
///
/// # Errors
/// Not found, or out of reach.
pub(in crate::monitoring) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewMonitoring>,
    id: ClueId,
) -> Result<Clue, MonitoringError> {
    let row = store::find_clue(db, grant.scope(), id).await?.ok_or(MonitoringError::NotFound)?;
    one(db, row).await
}

async fn one(db: &impl ConnectionTrait, row: monitoring_clue::Model) -> Result<Clue, MonitoringError> {
    views(db, vec![row]).await?.pop().ok_or(MonitoringError::NotFound)
}

/// Clues with their households: one question.
async fn views(db: &impl ConnectionTrait, rows: Vec<monitoring_clue::Model>) -> Result<Vec<Clue>, MonitoringError> {
    let ids: Vec<HouseholdId> = rows.iter().map(|row| row.household_id).collect();
    let households: HashMap<_, _> = household::briefs(db, &ids).await?;
    let view = |row: monitoring_clue::Model| {
        let household = households.get(&row.household_id).cloned().ok_or(MonitoringError::NotFound)?;
        Clue::of(row, household)
    };
    rows.into_iter().map(view).collect()
}

/// A clue in reach, held, in the version that was read, in a state.
async fn held<A: Action>(
    tx: &Tx,
    grant: &Grant<A>,
    (id, seen): (ClueId, IfMatch),
    state: ClueState,
) -> Result<monitoring_clue::Model, MonitoringError> {
    let row = store::hold_clue(tx, grant.scope(), id).await?.ok_or(MonitoringError::NotFound)?;
    seen.check(row.version).map_err(|_| MonitoringError::Stale)?;
    if row.state == state { Ok(row) } else { Err(MonitoringError::WrongState(row.state.as_str())) }
}

async fn saved(
    tx: &Tx,
    operation: &str,
    (before, now): (ClueState, monitoring_clue::Model),
    reason: Option<&str>,
) -> Result<Clue, MonitoringError> {
    let row = store::save_clue(tx, now).await?;
    let mut change = Change::moved(operation, "monitoring_clue", row.id.uuid(), before.as_str(), row.state.as_str());
    change.reason = reason;
    tx.audit(change).await?;
    one(tx, row).await
}

/// Takes a clue up: by the case that is open about the household, or one that is opened; by a measure, where it is monitored.
///
/// # Errors
/// Not found, stale, not open; what the household needs is missing; the case is refused.
pub(in crate::monitoring) async fn take_up(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<AnswerClue>,
    which: (ClueId, IfMatch),
    wanted: &TakeUpClue,
) -> Result<Clue, MonitoringError> {
    let row = held(tx, grant, which, ClueState::Open).await?;
    let id = row.household_id;
    let status = household::status_on(tx, &[id], business_date(tx.now())).await?.remove(&id);
    let (adjustment_id, measure_id) = match (status.is_some_and(is_monitored), wanted.measure_id) {
        (true, Some(measure)) => (None, Some(require_measure(tx, id, measure).await?)),
        (true, None) => return Err(MonitoringError::NeedsMeasure),
        (false, Some(_)) => return Err(MonitoringError::NeedsCase),
        (false, None) => (Some(case(tx, secrets, grant, id, wanted).await?), None),
    };
    let answered_on = Some(business_date(tx.now()));
    let now = monitoring_clue::Model { state: ClueState::TakenUp, answered_on, adjustment_id, measure_id, ..row };
    saved(tx, "clue.taken_up", (ClueState::Open, now), Some(wanted.text.as_str())).await
}

/// The measure that answers a clue: of the same household, and under way.
async fn require_measure(tx: &Tx, id: HouseholdId, measure: MeasureId) -> Result<MeasureId, MonitoringError> {
    let known = store::measures_of(tx, &[id]).await?;
    if known.iter().any(|row| row.id == measure && row.state == MeasureState::Running) {
        return Ok(measure);
    }
    let (zh, en) = ("该户没有这项实施中的措施。", "The household has no such measure under way.");
    Err(MonitoringError::Fields(vec![fault("/measure_id", zh, en)]))
}

/// The case that answers a clue.
async fn case(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<AnswerClue>,
    household: HouseholdId,
    wanted: &TakeUpClue,
) -> Result<AdjustmentId, MonitoringError> {
    if let Some(open) = adjustment::open_case_of(tx, household).await? {
        return Ok(open);
    }
    let (Some(status), Some(cause)) = (wanted.status, wanted.cause) else {
        return Err(MonitoringError::NeedsCase);
    };
    let warning = Warning { household, status, cause, text: wanted.text.clone() };
    Ok(adjustment::open_warning(tx, secrets, grant.actor(), warning).await?)
}

/// Says that a clue is nothing; somebody else has to agree.
///
/// # Errors
/// Not found, stale, not open.
pub(in crate::monitoring) async fn ask_dismissal(
    tx: &Tx,
    grant: &Grant<AnswerClue>,
    which: (ClueId, IfMatch),
    wanted: &AskDismissal,
) -> Result<Clue, MonitoringError> {
    let row = held(tx, grant, which, ClueState::Open).await?;
    let reason = wanted.reason.as_str();
    let now = monitoring_clue::Model {
        state: ClueState::DismissalAsked,
        asked_by: Some(grant.person()?),
        asked_at: Some(tx.now()),
        asked_reason: Some(reason.to_owned()),
        ..row
    };
    saved(tx, "clue.dismissal_asked", (ClueState::Open, now), Some(reason)).await
}

/// Agrees that a clue is nothing, or opens it again.
///
/// # Errors
/// Not found, stale, nobody asked; the same person.
pub(in crate::monitoring) async fn decide(
    tx: &Tx,
    grant: &Grant<DecideClue>,
    which: (ClueId, IfMatch),
    wanted: &DecideDismissal,
) -> Result<Clue, MonitoringError> {
    let row = held(tx, grant, which, ClueState::DismissalAsked).await?;
    let by = grant.person()?;
    four_eyes::apart(row.asked_by, by)?;
    let text = wanted.text.as_str();
    let now = if wanted.is_agreed {
        monitoring_clue::Model {
            state: ClueState::Dismissed,
            answered_on: Some(business_date(tx.now())),
            decided_by: Some(by),
            decided_at: Some(tx.now()),
            decision: Some(text.to_owned()),
            ..row
        }
    } else {
        monitoring_clue::Model { state: ClueState::Open, asked_by: None, asked_at: None, asked_reason: None, ..row }
    };
    let operation = if wanted.is_agreed { "clue.dismissed" } else { "clue.kept" };
    saved(tx, operation, (ClueState::DismissalAsked, now), Some(text)).await
}
