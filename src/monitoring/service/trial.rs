//! A rule over the past: what it would have found, with what was known then, and which known cases it would have caught.
//!
//! It looks at the last day of each month, at the last day of the span, and at each household with a known case on the day that
//! case was entered. Reads outside of any transaction; only the outcome is written.

use super::super::error::fault;
use super::super::look::is_quiet;
use super::super::view::{MonitoringTrial, TriedCase, TryRule};
use super::super::{MonitoringError, store};
use super::batch::{AT_ONCE, Batch, Span};
use crate::access::Grant;
use crate::access::policy::KeepMonitoringRule;
use crate::config::IncomeWindows;
use crate::db::{Change, Tx};
use crate::welfare::{self, Threshold};
use crate::{adjustment, household};
use chrono::{Datelike, Months, NaiveDate};
use entity::value::{HouseholdId, MonitoringRuleId, MonitoringTrialId, OrganisationId};
use entity::{adjustment as case, monitoring_rule, monitoring_trial};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::HashMap;

/// Over how many days a rule is tried at the most.
const MOST_DAYS: i64 = 1096;

/// What a trial found.
pub(in crate::monitoring) struct Outcome {
    rule: MonitoringRuleId,
    days: (NaiveDate, NaiveDate),
    looks: usize,
    households: usize,
    clues: usize,
    cases: Vec<TriedCase>,
}

/// The days on which a trial looks: the last of each month, and the last of all.
fn looks(from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    let mut days = Vec::new();
    let mut first = from.with_day(1);
    while let Some(month) = first.filter(|month| *month <= to) {
        let next = month.checked_add_months(Months::new(1));
        let end = next.and_then(|next| next.pred_opt());
        days.extend(end.filter(|end| *end >= from && *end < to));
        first = next;
    }
    days.push(to);
    days
}

/// Tries a rule in reach over a span of days.
///
/// # Errors
/// Not found; a span that is none, too long, or not over yet; the database.
pub(in crate::monitoring) async fn try_over(
    db: &impl ConnectionTrait,
    grant: &Grant<KeepMonitoringRule>,
    id: MonitoringRuleId,
    wanted: &TryRule,
    (today, windows): (NaiveDate, IncomeWindows),
) -> Result<Outcome, MonitoringError> {
    let rule = store::find_rule(db, grant.scope(), id).await?.ok_or(MonitoringError::NotFound)?;
    let (from, to) = (wanted.from_on, wanted.to_on);
    if from > to || to > today || (to - from).num_days() >= MOST_DAYS {
        let zh = "试算期间应在今天以前，不超过三年。";
        return Err(MonitoringError::Fields(vec![fault(
            "/to_on",
            zh,
            "The span is over and three years at the most.",
        )]));
    }
    let thresholds = welfare::thresholds(db, &rule.county_code).await?;
    let days = looks(from, to);
    let mut cases: HashMap<HouseholdId, Vec<case::Model>> = HashMap::new();
    let mut tried = Vec::new();
    for known in adjustment::known_cases(db, &rule.county_code, (from, to)).await? {
        match known.household_id {
            Some(household) => cases.entry(household).or_default().push(known),
            // It was not in the register before the case: no rule could have seen it.
            None => tried.push(TriedCase::of(&known, None)),
        }
    }
    let span = Span { from_on: from, to_on: to, rules: std::slice::from_ref(&rule), windows, is_now: false };
    let (mut after, mut households, mut clues) = (None, 0, 0);
    loop {
        let rows = household::after_in_county(db, &rule.county_code, after, AT_ONCE).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        let some: Vec<(HouseholdId, OrganisationId)> = rows.iter().map(|row| (row.id, row.village_id)).collect();
        households += some.len();
        let batch = Batch::load(db, &rule.county_code, some, &span).await?;
        for (household, _) in &batch.households {
            let known = cases.remove(household).unwrap_or_default();
            let on = over(&batch, &rule, *household, (&days, &known), &thresholds)?;
            clues += on.len();
            tried.extend(known.iter().map(|known| {
                let caught = on.iter().copied().find(|day| *day <= known.opened_on);
                TriedCase::of(known, caught)
            }));
        }
    }
    tried.sort_by_key(|one| (one.opened_on, one.adjustment_id));
    Ok(Outcome { rule: id, days: (from, to), looks: days.len(), households, clues, cases: tried })
}

/// The days on which a rule would have given a clue about a household.
fn over(
    batch: &Batch,
    rule: &monitoring_rule::Model,
    household: HouseholdId,
    (days, known): (&[NaiveDate], &[case::Model]),
    thresholds: &Threshold,
) -> Result<Vec<NaiveDate>, MonitoringError> {
    let mut days: Vec<NaiveDate> = days.iter().copied().chain(known.iter().map(|known| known.opened_on)).collect();
    days.sort_unstable();
    days.dedup();
    let mut on: Vec<NaiveDate> = Vec::new();
    for day in days {
        if on.last().is_some_and(|last| is_quiet(rule, *last, day)) {
            continue;
        }
        // What happened up to the end of the day of the last clue was told by it.
        let told = on.last().and_then(|last| last.succ_opt()).map(entity::value::business_day_begins);
        if batch.look(rule, household, (day, told), thresholds)?.is_some() {
            on.push(day);
        }
    }
    Ok(on)
}

/// Keeps what a trial found.
///
/// # Errors
/// Not found; the database.
pub(in crate::monitoring) async fn keep(
    tx: &Tx,
    grant: &Grant<KeepMonitoringRule>,
    outcome: &Outcome,
) -> Result<MonitoringTrial, MonitoringError> {
    store::find_rule(tx, grant.scope(), outcome.rule).await?.ok_or(MonitoringError::NotFound)?;
    let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let caught = outcome.cases.iter().filter(|one| one.caught_on.is_some()).count();
    let row = monitoring_trial::Model {
        id: MonitoringTrialId::generate(),
        rule_id: outcome.rule,
        from_on: outcome.days.0,
        to_on: outcome.days.1,
        looks: count(outcome.looks),
        households: i64::from(count(outcome.households)),
        clues: i64::from(count(outcome.clues)),
        caught: count(caught),
        missed: count(outcome.cases.len() - caught),
        cases: serde_json::to_string(&outcome.cases)?,
        tried_by: grant.person()?,
        created_at: tx.now(),
    };
    store::insert_trial(tx, row.clone()).await?;
    let after = json!({ "clues": row.clues, "caught": row.caught, "missed": row.missed });
    tx.audit(Change::made("monitoring_rule.tried", "monitoring_rule", row.rule_id.uuid(), after)).await?;
    MonitoringTrial::try_from(row)
}

#[cfg(test)]
mod tests {
    use super::looks;
    use chrono::NaiveDate;

    #[test]
    fn a_trial_looks_at_the_end_of_each_month_and_of_the_span() {
        let day = |text: &str| text.parse::<NaiveDate>();
        let days = |from: &str, to: &str| Some(looks(day(from).ok()?, day(to).ok()?));
        let wanted: Option<Vec<_>> =
            ["2025-11-30", "2025-12-31", "2026-01-15"].into_iter().map(|text| day(text).ok()).collect();
        assert_eq!(days("2025-11-05", "2026-01-15"), wanted);
        assert_eq!(days("2026-01-31", "2026-01-31").map(|days| days.len()), Some(1));
    }
}
