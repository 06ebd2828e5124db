//! What can be done: enter rows and thresholds, and tell how a household stands.

use super::WelfareError;
use super::error::fault;
use super::fold::{self, Facts, Figures, Verdict, Window, per_head};
use super::store::{self, Threshold};
use super::view::{
    EnterIncomeThreshold, HouseholdIncome, IncomeEntry, IncomeThreshold, IncomeThresholdQuery, IncomeWindow,
    RecordIncomeEntry,
};
use crate::access::policy::{KeepThreshold, RecordIncome, ViewWelfare};
use crate::access::{Grant, Scope};
use crate::config::IncomeWindows;
use crate::db::{self, Change, Tx};
use crate::http::{Page, PageQuery, Words};
use crate::problem::{Failure, FieldProblem};
use crate::{document, household, region};
use chrono::{Datelike, NaiveDate};
use entity::value::{AreaCode, HouseholdId, IncomeEntryId, IncomeThresholdId, business_date};
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
    store::insert(tx, row.clone()).await.map_err(|error| {
        let twice = db::is_duplicate(&error, "income_entry", &["replaces_id"]);
        if twice { WelfareError::Replaced } else { error.into() }
    })?;
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
    let rolling = IncomeWindow::of(rolling, fold::fold(&facts, rolling, today)?, people)?;
    let per_head_fen = threshold.as_ref().map(|row| row.per_head_fen);
    Ok(HouseholdIncome {
        household: household::briefs(db, &[id]).await?.remove(&id).ok_or(WelfareError::NotFound)?,
        as_of,
        people,
        year: IncomeWindow::of(year, fold::fold(&facts, year, today)?, people)?,
        verdict: fold::verdict(rolling.reference_per_head_fen, per_head_fen),
        rolling,
        threshold: threshold.map(IncomeThreshold::from),
    })
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

/// Everything that touches a span of days, for each of these households: three statements a thousand of them.
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

/// Enters a threshold; one that is there for the place and year stays on record, and holds no more.
///
/// # Errors
/// A place that is none, or out of reach; fields that are not acceptable; a file that is not one's own.
pub(super) async fn enter_threshold(
    tx: &Tx,
    grant: &Grant<KeepThreshold>,
    wanted: &EnterIncomeThreshold,
) -> Result<IncomeThreshold, WelfareError> {
    let code = &wanted.division_code;
    let in_reach = match grant.scope() {
        Scope::Everything => true,
        Scope::County(own) => own == code,
        Scope::Organisation(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => false,
    };
    let mut faults = Vec::new();
    if !in_reach || region::division(tx, code).await?.is_none() {
        let (zh, en) = ("在您的范围内没有这个行政区划。", "There is no such division in your reach.");
        faults.push(fault("/division_code", zh, en));
    }
    if !(2000..=2199).contains(&wanted.year) {
        faults.push(fault("/year", "年份应在 2000 至 2199 之间。", "The year lies between 2000 and 2199."));
    }
    if wanted.per_head_fen.is_zero() {
        faults.push(fault("/per_head_fen", "标准应大于零。", "The amount is more than zero."));
    }
    if !faults.is_empty() {
        return Err(WelfareError::Fields(faults));
    }
    if let Some(file) = wanted.evidence_file_id {
        document::require_own(tx, grant.organisation()?, &[file]).await?;
    }
    let known = store::thresholds(tx, std::slice::from_ref(code)).await?;
    let before = known.of(code, wanted.year).filter(|row| row.division_code == *code);
    let row = income_threshold::Model {
        id: IncomeThresholdId::generate(),
        division_code: code.clone(),
        year: wanted.year,
        number: before.map_or(1, |row| row.number.saturating_add(1)),
        per_head_fen: wanted.per_head_fen,
        document: wanted.document.as_str().to_owned(),
        evidence_file_id: wanted.evidence_file_id,
        entered_by: grant.person()?,
        created_at: tx.now(),
    };
    store::insert_threshold(tx, row.clone()).await?;
    let after = json!({
        "division_code": row.division_code, "year": row.year, "number": row.number, "per_head_fen": row.per_head_fen,
        "document": row.document,
    });
    tx.audit(Change::made("income_threshold.entered", "income_threshold", row.id.uuid(), after)).await?;
    Ok(row.into())
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
    Ok(Page::of(rows, limit, |row| row.id.uuid(), IncomeThreshold::from))
}
