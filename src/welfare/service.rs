//! What can be done: enter rows and thresholds, and tell how a household stands.

use super::WelfareError;
use super::error::fault;
use super::fold::{self, Facts, Figures, Verdict, Window, per_head};
use super::store::{self, Threshold};
use super::view::{
    CorrectIncomeThreshold, EnterIncomeThreshold, HouseholdIncome, IncomeEntry, IncomeThreshold, IncomeThresholdQuery,
    IncomeWindow, RecordIncomeEntry, Succession, TakenInIncome,
};
use crate::access::policy::{KeepThreshold, RecordIncome, ViewWelfare};
use crate::access::{Grant, Scope};
use crate::config::IncomeWindows;
use crate::db::{self, Change, Tx};
use crate::http::{IfMatch, Page, PageQuery, Words};
use crate::problem::{Failure, FieldProblem};
use crate::{adjustment, document, household, region};
use chrono::{Datelike, NaiveDate};
use entity::value::{AreaCode, Fen, HouseholdId, IncomeEntryId, IncomeThresholdId, business_date};
use entity::{income_entry, income_threshold};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::HashMap;

/// For how many days one row may be.
const MOST_DAYS: i64 = 366;

fn faults(wanted: &RecordIncomeEntry, today: NaiveDate) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    if wanted.to_on < wanted.from_on {
        faults.push(fault("/to_on", "截止日期早于起始日期。", "The last day lies before the first."));
    }
    if wanted.to_on > today {
        faults.push(fault("/to_on", "截止日期不能晚于今天。", "The last day is not in the future."));
    }
    if (wanted.to_on - wanted.from_on).num_days() >= MOST_DAYS {
        faults.push(fault("/to_on", "一条记录所属期间不超过一年。", "One row is for a year of days at the most."));
    }
    if wanted.amount_fen.is_zero() && wanted.replaces_id.is_none() {
        let (zh, en) =
            ("金额应大于零；更正错误记录时才可为零。", "The amount is more than zero, unless it replaces a row.");
        faults.push(fault("/amount_fen", zh, en));
    }
    faults
}

/// Enters a row about a household in reach.
///
/// # Errors
/// Not found; income that the journal says; fields that are not acceptable; a row that is another household's, or was
/// replaced before; a file that is not one's own.
pub(super) async fn record(
    tx: &Tx,
    grant: &Grant<RecordIncome>,
    household_id: HouseholdId,
    wanted: &RecordIncomeEntry,
) -> Result<IncomeEntry, WelfareError> {
    household::find_in(tx, grant.scope(), household_id).await?.ok_or(WelfareError::NotFound)?;
    let source = wanted.source.of_a_row().ok_or(WelfareError::FromPlatform)?;
    let mut faults = faults(wanted, business_date(tx.now()));
    if let Some(id) = wanted.replaces_id {
        let before = store::find(tx, id).await?.filter(|row| row.household_id == household_id);
        if before.is_none() {
            faults.push(fault("/replaces_id", "该户没有这条记录。", "The household has no such row."));
        }
    }
    if !faults.is_empty() {
        return Err(WelfareError::Fields(faults));
    }
    let organisation_id = grant.organisation()?;
    if let Some(file) = wanted.evidence_file_id {
        document::require_own(tx, organisation_id, &[file]).await?;
    }
    let row = income_entry::Model {
        id: IncomeEntryId::generate(),
        household_id,
        item: wanted.item,
        from_on: wanted.from_on,
        to_on: wanted.to_on,
        amount_fen: wanted.amount_fen,
        source,
        grade: wanted.grade,
        note: wanted.note.as_ref().map(Words::as_str).map(str::to_owned),
        evidence_file_id: wanted.evidence_file_id,
        replaces_id: wanted.replaces_id,
        organisation_id,
        entered_by: grant.person()?,
        created_at: tx.now(),
    };
    store::insert(tx, row.clone()).await.map_err(store::replaced_meanwhile)?;
    let after = json!({
        "household_id": household_id, "item": row.item, "from_on": row.from_on, "to_on": row.to_on,
        "source": row.source, "grade": row.grade, "replaces_id": row.replaces_id,
    });
    tx.audit(Change::made("income_entry.recorded", "income_entry", row.id.uuid(), after)).await?;
    Ok(IncomeEntry::of(row, None))
}

/// The rows of a household in reach, newest first.
///
/// # Errors
/// Not found; 400 for a bad page.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewWelfare>,
    id: HouseholdId,
    page: &PageQuery,
) -> Result<Page<IncomeEntry>, Failure> {
    let (limit, before) = (page.limit()?, page.after()?);
    let found = household::find_in(db, grant.scope(), id).await.map_err(WelfareError::from)?;
    found.ok_or(WelfareError::NotFound)?;
    let rows = store::list(db, id, before, limit + 1).await.map_err(WelfareError::from)?;
    let ids: Vec<IncomeEntryId> = rows.iter().map(|row| row.id).collect();
    let replaced = store::replacing(db, &ids).await.map_err(WelfareError::from)?;
    let view = |row: income_entry::Model| {
        let by = replaced.get(&row.id).copied();
        IncomeEntry::of(row, by)
    };
    Ok(Page::of(rows, limit, |row| row.id.uuid(), view))
}

/// What a household in reach lives on, on a day.
///
/// # Errors
/// Not found, or not registered on that day; a day in the future; the database.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewWelfare>,
    id: HouseholdId,
    (as_of, today): (NaiveDate, NaiveDate),
    windows: IncomeWindows,
) -> Result<HouseholdIncome, WelfareError> {
    if as_of > today {
        return Err(WelfareError::Fields(vec![fault("?as_of", "日期不能晚于今天。", "The day is not in the future.")]));
    }
    let row = household::find_in(db, grant.scope(), id).await?.filter(|row| row.registered_on <= as_of);
    let row = row.ok_or(WelfareError::NotFound)?;
    let rolling = Window::rolling(as_of, windows.income_window_months)?;
    let year = Window::year(as_of, windows.income_year_starts)?;
    let whole = Window { from_on: rolling.from_on.min(year.from_on), to_on: as_of };
    let facts = store::facts(db, &[id], whole).await?.remove(&id).unwrap_or_default();
    let people = household::history::people_of(db, &[id]).await?.count_on(id, as_of);
    let thresholds = thresholds(db, &row.county_code).await?;
    let threshold = thresholds.of(&row.county_code, as_of.year()).cloned();
    let taken_in = taken_in(&facts, rolling, today)?;
    let split_from = adjustment::split_of(db, id).await?.filter(|(_, on)| *on <= as_of && *on >= whole.from_on);
    let gone = facts.gone.filter(|(_, since)| *since <= as_of);
    let others: Vec<HouseholdId> = split_from.iter().chain(&gone).map(|(other, _)| *other).collect();
    let others = if others.is_empty() { HashMap::new() } else { household::briefs(db, &others).await? };
    let named = |(other, since): (HouseholdId, NaiveDate)| {
        Some(Succession { household_id: other, number: others.get(&other)?.number.clone(), since })
    };
    let rolling = IncomeWindow::of(rolling, fold::fold(&facts, rolling, today)?, people)?;
    let per_head_fen = threshold.as_ref().map(|row| row.per_head_fen);
    Ok(HouseholdIncome {
        household: household::briefs(db, &[id]).await?.remove(&id).ok_or(WelfareError::NotFound)?,
        as_of,
        people,
        year: IncomeWindow::of(year, fold::fold(&facts, year, today)?, people)?,
        verdict: fold::verdict(rolling.reference_per_head_fen, per_head_fen),
        rolling,
        threshold: threshold.map(|row| IncomeThreshold::of(row, true)),
        taken_in,
        split_from: split_from.and_then(named),
        succeeded_by: gone.and_then(named),
    })
}

/// What each household that was merged into one brings to its rolling window.
fn taken_in(facts: &Facts, rolling: Window, today: NaiveDate) -> Result<Vec<TakenInIncome>, WelfareError> {
    let there = facts.taken_in.iter().filter(|other| other.since <= rolling.to_on);
    let shown = there.map(|other| {
        let figures = other.figures(rolling, today)?;
        Ok(TakenInIncome {
            household_id: other.household,
            number: other.number.clone(),
            since: other.since,
            gross_fen: figures.gross()?,
            platform_fen: figures.platform()?,
        })
    });
    shown.collect()
}

/// How a household stands on a day: for other rooms, which answer for who sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The figures of the rolling window.
    pub figures: Figures,
    /// How many people belong to it.
    pub people: u32,
    /// The reference income per head; none where nobody belongs to it.
    pub reference_per_head: Option<i64>,
    /// The threshold that holds there.
    pub threshold: Option<income_threshold::Model>,
    /// How the one stands to the other.
    pub verdict: Verdict,
}

/// How a household stands on a day, by what is known today.
///
/// # Errors
/// The database; a day beyond the calendar.
pub async fn standing(
    db: &impl ConnectionTrait,
    (id, county): (HouseholdId, &AreaCode),
    day: NaiveDate,
    windows: IncomeWindows,
) -> Result<Standing, WelfareError> {
    let window = Window::rolling(day, windows.income_window_months)?;
    let facts = store::facts(db, &[id], window).await?.remove(&id).unwrap_or_default();
    let figures = fold::fold(&facts, window, day)?;
    let people = household::history::people_of(db, &[id]).await?.count_on(id, day);
    let threshold = thresholds(db, county).await?.of(county, day.year()).cloned();
    let reference_per_head = per_head(figures.reference()?, people);
    let verdict = fold::verdict(reference_per_head, threshold.as_ref().map(|row| row.per_head_fen));
    Ok(Standing { figures, people, reference_per_head, threshold, verdict })
}

/// Everything that touches a span of days, for each of these households and those merged into them: four statements a
/// thousand of them.
///
/// # Errors
/// When the database cannot be asked.
pub async fn facts_of(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
    days: Window,
) -> Result<HashMap<HouseholdId, Facts>, DbErr> {
    store::facts(db, ids, days).await
}

/// The thresholds that hold in a county, its own and its province's, of all years.
///
/// # Errors
/// When the database cannot be asked.
pub async fn thresholds(db: &impl ConnectionTrait, county: &AreaCode) -> Result<Threshold, DbErr> {
    store::thresholds(db, &[county.clone(), region::province_of(county)]).await
}

/// Whether somebody may keep the threshold of a place.
fn is_kept_by(scope: &Scope, code: &AreaCode) -> bool {
    match scope {
        Scope::Everything => true,
        Scope::County(own) => own == code,
        Scope::Organisation(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => false,
    }
}

/// Enters the threshold of a place for a year.
///
/// # Errors
/// A place that is none, or out of reach; fields that are not acceptable; there is one; a file that is not one's own.
pub(super) async fn enter_threshold(
    tx: &Tx,
    grant: &Grant<KeepThreshold>,
    wanted: &EnterIncomeThreshold,
) -> Result<IncomeThreshold, WelfareError> {
    let code = &wanted.division_code;
    let mut faults = Vec::new();
    if !is_kept_by(grant.scope(), code) || region::division(tx, code).await?.is_none() {
        let (zh, en) = ("在您的范围内没有这个行政区划。", "There is no such division in your reach.");
        faults.push(fault("/division_code", zh, en));
    }
    if !(2000..=2199).contains(&wanted.year) {
        faults.push(fault("/year", "年份应在 2000 至 2199 之间。", "The year lies between 2000 and 2199."));
    }
    faults.extend(faults_of_amount(wanted.per_head_fen));
    if !faults.is_empty() {
        return Err(WelfareError::Fields(faults));
    }
    let known = store::thresholds(tx, std::slice::from_ref(code)).await?;
    if known.own(code, wanted.year).is_some() {
        return Err(WelfareError::ThresholdExists);
    }
    let row = income_threshold::Model {
        id: IncomeThresholdId::generate(),
        division_code: code.clone(),
        year: wanted.year,
        number: 1,
        per_head_fen: wanted.per_head_fen,
        document: wanted.document.as_str().to_owned(),
        evidence_file_id: wanted.evidence_file_id,
        replaces_id: None,
        reason: None,
        entered_by: grant.person()?,
        created_at: tx.now(),
    };
    keep_threshold(tx, grant, row, WelfareError::ThresholdExists).await
}

fn faults_of_amount(per_head_fen: Fen) -> Option<FieldProblem> {
    per_head_fen.is_zero().then(|| fault("/per_head_fen", "标准应大于零。", "The amount is more than zero."))
}

/// Writes a threshold; `taken` is said where somebody else wrote that one meanwhile.
async fn keep_threshold(
    tx: &Tx,
    grant: &Grant<KeepThreshold>,
    row: income_threshold::Model,
    taken: WelfareError,
) -> Result<IncomeThreshold, WelfareError> {
    if let Some(file) = row.evidence_file_id {
        document::require_own(tx, grant.organisation()?, &[file]).await?;
    }
    store::insert_threshold(tx, row.clone()).await.map_err(|error| {
        let columns: [&[&str]; 2] = [&["division_code", "year", "number"], &["replaces_id"]];
        let meanwhile = columns.iter().any(|columns| db::is_duplicate(&error, "income_threshold", columns));
        if meanwhile { taken } else { error.into() }
    })?;
    let after = json!({
        "division_code": row.division_code, "year": row.year, "number": row.number, "per_head_fen": row.per_head_fen,
        "document": row.document, "replaces_id": row.replaces_id,
    });
    let reason = row.reason.clone();
    let mut change = Change::made("income_threshold.entered", "income_threshold", row.id.uuid(), after);
    change.reason = reason.as_deref();
    tx.audit(change).await?;
    Ok(IncomeThreshold::of(row, true))
}

/// Corrects the threshold that holds by another one.
///
/// # Errors
/// Not found, or out of reach; it was corrected meanwhile; fields that are not acceptable; a file that is not one's own.
pub(super) async fn correct_threshold(
    tx: &Tx,
    grant: &Grant<KeepThreshold>,
    (id, seen): (IncomeThresholdId, IfMatch),
    wanted: &CorrectIncomeThreshold,
) -> Result<IncomeThreshold, WelfareError> {
    let before = store::find_threshold(tx, id).await?.filter(|row| is_kept_by(grant.scope(), &row.division_code));
    let before = before.ok_or(WelfareError::NotFound)?;
    seen.check(i64::from(before.number)).map_err(|_| WelfareError::Stale)?;
    let known = store::thresholds(tx, std::slice::from_ref(&before.division_code)).await?;
    if known.own(&before.division_code, before.year).is_none_or(|held| held.id != before.id) {
        return Err(WelfareError::Stale);
    }
    if let Some(fault) = faults_of_amount(wanted.per_head_fen) {
        return Err(WelfareError::Fields(vec![fault]));
    }
    let row = income_threshold::Model {
        id: IncomeThresholdId::generate(),
        number: before.number.saturating_add(1),
        per_head_fen: wanted.per_head_fen,
        document: wanted.document.as_str().to_owned(),
        evidence_file_id: wanted.evidence_file_id,
        replaces_id: Some(before.id),
        reason: Some(wanted.reason.as_str().to_owned()),
        entered_by: grant.person()?,
        created_at: tx.now(),
        ..before
    };
    keep_threshold(tx, grant, row, WelfareError::Stale).await
}

/// A threshold.
///
/// # Errors
/// Not found; the database.
pub(super) async fn show_threshold(
    db: &impl ConnectionTrait,
    id: IncomeThresholdId,
) -> Result<IncomeThreshold, WelfareError> {
    let row = store::find_threshold(db, id).await?.ok_or(WelfareError::NotFound)?;
    with_standing(db, vec![row]).await?.pop().ok_or(WelfareError::NotFound)
}

/// Thresholds, each with whether it holds.
async fn with_standing(
    db: &impl ConnectionTrait,
    rows: Vec<income_threshold::Model>,
) -> Result<Vec<IncomeThreshold>, DbErr> {
    let mut codes: Vec<AreaCode> = rows.iter().map(|row| row.division_code.clone()).collect();
    codes.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
    codes.dedup();
    let known = store::thresholds(db, &codes).await?;
    let view = |row: income_threshold::Model| {
        let holds = known.own(&row.division_code, row.year).is_some_and(|held| held.id == row.id);
        IncomeThreshold::of(row, holds)
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Thresholds, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list_thresholds(
    db: &impl ConnectionTrait,
    wanted: &IncomeThresholdQuery,
) -> Result<Page<IncomeThreshold>, Failure> {
    let page = PageQuery { limit: wanted.limit, cursor: wanted.cursor.clone() };
    let (limit, before) = (page.limit()?, page.after()?);
    let which = (wanted.division_code.as_ref(), wanted.year);
    let rows = store::list_thresholds(db, which, before, limit + 1).await.map_err(WelfareError::from)?;
    let shown = with_standing(db, rows).await.map_err(WelfareError::from)?;
    Ok(Page::of(shown, limit, |row| row.id.uuid(), |row| row))
}
