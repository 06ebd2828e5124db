//! Supervision (规则筛查): what was to be done for households and was not, entered as findings where the county has it so.
//!
//! Three looks: measures without effect, clues that wait beyond their day, households at whose home nobody was. Each thing is
//! entered once a period – a clue once, a measure and a household once a year – with the figures that made it. Reads outside of
//! any transaction; safe to run twice.

use super::super::MonitoringError;
use super::super::store;
use super::super::terms::due_on;
use super::batch::{AT_ONCE, Batch, Span};
use crate::access::policy::RunMonitoring;
use crate::access::{Actor, Grant};
use crate::app::App;
use crate::assistance::{gap, visit};
use crate::config::IncomeWindows;
use crate::http::text::{Digits, yuan};
use crate::jobs::Scheduled;
use crate::problem::Failure;
use crate::rectification::{self, Seen};
use crate::welfare;
use chrono::{Datelike, Days, Months, NaiveDate};
use entity::value::{
    ClueKind, FindingRuleKind, HouseholdId, MonitoringRuleId, MonitoringRuleState, Overflow, business_date,
};
use entity::{finding_rule, monitoring_rule};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

/// Looks once a day for what was not done.
pub const SUPERVISION: Scheduled = Scheduled {
    name: "monitoring.supervision",
    every_seconds: 86_400,
    run: |app| Box::pin(async move { supervise(app).await.map(drop).map_err(Into::into) }),
};

/// Looks for what each county has looked at; says how many findings were entered. A county that fails is told in the log and
/// has its next turn.
///
/// # Errors
/// When the settings cannot be read.
pub async fn supervise(app: &App) -> Result<u64, Failure> {
    Grant::<RunMonitoring>::claim(&Actor::System)?;
    let mut entered = 0;
    for rule in rectification::rules_on(app.reader()).await.map_err(MonitoringError::from)? {
        match look(app, &rule).await {
            Ok(findings) => entered += findings,
            Err(error) => tracing::warn!(county = %rule.county_code, %error, "a county was not supervised"),
        }
    }
    Ok(entered)
}

/// Everything that one rule sees, a thousand things at a time.
async fn look(app: &App, rule: &finding_rule::Model) -> Result<u64, Failure> {
    let (mut after, mut entered) = (After::default(), 0);
    loop {
        let today = business_date(app.clock.now());
        let (seen, next) = piece(app, rule, today, after).await?;
        if !seen.is_empty() {
            let act = async |tx: &_| rectification::enter_by_rule(tx, rule, &seen).await;
            entered += app.transact(&Actor::System, act).await?;
        }
        match next {
            Some(next) => after = next,
            None => return Ok(entered),
        }
    }
}

/// Behind which thing a look goes on.
#[derive(Debug, Clone, Copy, Default)]
struct After {
    household: Option<HouseholdId>,
    clue: Option<entity::value::ClueId>,
}

async fn piece(
    app: &App,
    rule: &finding_rule::Model,
    today: NaiveDate,
    after: After,
) -> Result<(Vec<Seen>, Option<After>), MonitoringError> {
    let db = app.reader();
    match rule.kind {
        FindingRuleKind::MeasureWithoutEffect => {
            let (seen, next) = idle_measures(db, rule, (today, app.config.income_windows), after.household).await?;
            Ok((seen, next.map(|household| After { household: Some(household), clue: None })))
        }
        FindingRuleKind::ClueOverdue => {
            let last = days_before(today, rule.days)?;
            let rows = store::overdue_clues(db, &rule.county_code, last, (after.clue, AT_ONCE)).await?;
            let next = is_full(&rows).then(|| rows.last().map(|row| row.id)).flatten();
            let seen = rows.iter().map(|row| late_clue(row, today)).collect::<Result<Vec<_>, _>>()?;
            Ok((seen, next.map(|clue| After { household: None, clue: Some(clue) })))
        }
        FindingRuleKind::NoVisit => {
            let (seen, next) = unvisited(db, rule, today, after.household).await?;
            Ok((seen, next.map(|household| After { household: Some(household), clue: None })))
        }
    }
}

fn is_full<T>(rows: &[T]) -> bool {
    u64::try_from(rows.len()) == Ok(AT_ONCE)
}

fn days_before(day: NaiveDate, days: Option<i32>) -> Result<NaiveDate, Overflow> {
    let days = u64::try_from(days.unwrap_or(0)).map_err(|_| Overflow)?;
    day.checked_sub_days(Days::new(days)).ok_or(Overflow)
}

/// A clue that waits beyond its day.
fn late_clue(row: &entity::monitoring_clue::Model, today: NaiveDate) -> Result<Seen, MonitoringError> {
    let due_on = due_on(row.opened_on)?;
    let days_late = (today - due_on).num_days();
    Ok(Seen {
        cause: format!("clue_overdue/{}", row.id),
        household: row.household_id,
        village: row.village_id,
        text: format!("预警线索 {} 应于 {due_on} 前处置，至 {today} 已超期 {days_late} 天。", row.number),
        figures: json!({
            "clue_id": row.id, "number": row.number, "kind": row.kind, "state": row.state, "opened_on": row.opened_on,
            "due_on": due_on, "days_late": days_late,
        }),
    })
}

/// Households at whose home nobody was in the year, once so many days of it have passed.
async fn unvisited(
    db: &impl ConnectionTrait,
    rule: &finding_rule::Model,
    today: NaiveDate,
    after: Option<HouseholdId>,
) -> Result<(Vec<Seen>, Option<HouseholdId>), MonitoringError> {
    let year = today.year();
    let begun = NaiveDate::from_ymd_opt(year, 1, 1).ok_or(Overflow)?;
    let last = days_before(today, rule.days)?;
    if last < begun {
        return Ok((Vec::new(), None));
    }
    let rows = gap::unvisited(db, &rule.county_code, (year, last), (after, AT_ONCE)).await?;
    let ids: Vec<HouseholdId> = rows.iter().map(|row| row.id).collect();
    let visits = visit::last_visits(db, &ids).await?;
    let seen = rows.iter().map(|row| {
        let last = visits.get(&row.id).map(|at| business_date(*at));
        let before = last.map_or_else(|| "此前无走访记录".to_owned(), |day| format!("上次走访为 {day}"));
        Seen {
            cause: format!("no_visit/{}/{year}", row.id),
            household: row.id,
            village: row.village_id,
            text: format!("{year} 年截至 {today} 无走访记录，{before}。"),
            figures: json!({ "year": year, "as_of": today, "days": rule.days, "last_visit_on": last }),
        }
    });
    Ok((seen.collect(), is_full(&rows).then(|| ids.last().copied()).flatten()))
}

/// Measures that should have had an effect and have none, by the same figures as the rule that gives clues about them.
async fn idle_measures(
    db: &impl ConnectionTrait,
    rule: &finding_rule::Model,
    (today, windows): (NaiveDate, IncomeWindows),
    after: Option<HouseholdId>,
) -> Result<(Vec<Seen>, Option<HouseholdId>), MonitoringError> {
    let months = u32::try_from(rule.months.unwrap_or(0)).map_err(|_| Overflow)?;
    let edge = today.checked_sub_months(Months::new(months)).ok_or(Overflow)?;
    let households = store::helped_since(db, &rule.county_code, edge, (after, AT_ONCE)).await?;
    let next = is_full(&households).then(|| households.last().map(|(id, _)| *id)).flatten();
    let watching = as_watching(rule);
    let span = Span { from_on: today, to_on: today, rules: std::slice::from_ref(&watching), windows, is_now: true };
    let thresholds = welfare::thresholds(db, &rule.county_code).await?;
    let batch = Batch::load(db, &rule.county_code, households, &span).await?;
    let mut seen = Vec::new();
    for (household, village) in &batch.households {
        let Some(figures) = batch.look(&watching, *household, (today, None), &thresholds)? else { continue };
        for measure in figures["measures"].as_array().into_iter().flatten() {
            seen.push(idle_measure((*household, *village), measure, &figures, (today, months)));
        }
    }
    Ok((seen, next))
}

fn idle_measure(
    (household, village): (HouseholdId, entity::value::OrganisationId),
    measure: &Value,
    figures: &Value,
    (today, months): (NaiveDate, u32),
) -> Seen {
    let id = measure["id"].as_str().unwrap_or_default();
    let fen = |value: &Value| value.as_i64().map(|fen| yuan(fen, Digits::Plain)).unwrap_or_default();
    let (before, now) = (fen(&measure["reference_per_head_fen"]), fen(&figures["reference_per_head_fen"]));
    let begun = measure["begun_on"].as_str().unwrap_or_default();
    let mut kept = figures.clone();
    kept["measures"] = json!([measure]);
    Seen {
        cause: format!("measure_without_effect/{id}/{}", today.year()),
        household,
        village,
        text: format!(
            "{begun} 开始的帮扶措施实施已满 {months} 个月，人均参考收入由 {before} 元变为 {now} 元，未高于实施前。"
        ),
        figures: kept,
    }
}

/// The rule about measures as one that gives clues.
fn as_watching(rule: &finding_rule::Model) -> monitoring_rule::Model {
    monitoring_rule::Model {
        id: MonitoringRuleId::from_uuid(rule.id.uuid()),
        county_code: rule.county_code.clone(),
        kind: ClueKind::MeasureWithoutEffect,
        edition: rule.edition,
        replaces_id: None,
        percent: None,
        amount_fen: None,
        days: None,
        months: rule.months,
        quiet_days: 1,
        reason: rule.reason.clone(),
        state: MonitoringRuleState::On,
        drafted_by: rule.set_by,
        created_at: rule.created_at,
        switched_on_by: Some(rule.set_by),
        switched_on_at: Some(rule.created_at),
        switched_off_by: None,
        switched_off_at: None,
        version: 1,
    }
}
