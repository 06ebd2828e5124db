//! The night: every rule that is on looks at every household of its county.
//!
//! A thousand households are read outside of any transaction; only the clues they give are written, in one. Safe to run twice:
//! where a clue waits, none is opened.

use super::super::MonitoringError;
use super::super::look::is_quiet;
use super::super::store::{self, LastClue};
use super::batch::{AT_ONCE, Batch, Span};
use super::clues;
use crate::access::policy::RunMonitoring;
use crate::access::{Actor, Grant};
use crate::adjustment;
use crate::app::App;
use crate::config::IncomeWindows;
use crate::db::Change;
use crate::household;
use crate::jobs::{Scheduled, progress};
use crate::problem::Failure;
use crate::welfare::{self, Threshold};
use chrono::NaiveDate;
use entity::value::{
    AdjustmentId, AreaCode, ClueState, HouseholdId, MeasureId, MeasureState, MonitoringRuleId, MonitoringRunId,
    OrganisationId, ProgressUnit, business_date,
};
use entity::{monitoring_rule, monitoring_run};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Looks at every household once a day.
pub const EVERY_NIGHT: Scheduled = Scheduled {
    name: "monitoring.night",
    every_seconds: 86_400,
    run: |app| Box::pin(async move { night(app).await.map(drop).map_err(Into::into) }),
};

/// Looks at every household of every county that has rules on; says how many clues were opened. A county that fails is told in
/// the log and has its next turn; the others go on.
///
/// # Errors
/// When the rules cannot be read.
pub async fn night(app: &App) -> Result<u64, Failure> {
    Grant::<RunMonitoring>::claim(&Actor::System)?;
    let mut by_county: BTreeMap<AreaCode, Vec<monitoring_rule::Model>> = BTreeMap::new();
    for rule in store::rules_on(app.reader()).await.map_err(MonitoringError::from)? {
        by_county.entry(rule.county_code.clone()).or_default().push(rule);
    }
    let counties: Vec<AreaCode> = by_county.keys().cloned().collect();
    let all = household::count_in_counties(app.reader(), &counties).await.map_err(MonitoringError::from)?;
    let (mut opened, mut looked_at) = (0, 0);
    for (county, rules) in by_county {
        match over_county(app, &county, &rules, (&mut looked_at, all)).await {
            Ok(clues) => opened += clues,
            Err(error) => tracing::warn!(%county, %error, "a county was not looked at"),
        }
    }
    Ok(opened)
}

/// `looked_at` counts the households of all counties that were looked at, of `all`.
async fn over_county(
    app: &App,
    county: &AreaCode,
    rules: &[monitoring_rule::Model],
    (looked_at, all): (&mut u64, u64),
) -> Result<u64, Failure> {
    let (db, today, windows) = (app.reader(), business_date(app.clock.now()), app.config.income_windows);
    let thresholds = welfare::thresholds(db, county).await.map_err(MonitoringError::from)?;
    let office = clues::office_of(db, county).await?;
    let (mut after, mut households, mut opened) = (None, 0_i64, 0_u64);
    loop {
        let rows = household::after_in_county(db, county, after, AT_ONCE).await.map_err(MonitoringError::from)?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        progress(app, *looked_at, all, ProgressUnit::Households).await;
        *looked_at += u64::try_from(rows.len()).unwrap_or(0);
        let some: Vec<(HouseholdId, OrganisationId)> =
            rows.iter().filter(|row| row.people > 0).map(|row| (row.id, row.village_id)).collect();
        households += i64::try_from(some.len()).unwrap_or(i64::MAX);
        let found = look(db, (county, some), rules, (today, windows), &thresholds).await?;
        if found.is_empty() {
            continue;
        }
        opened += app.transact(&Actor::System, async |tx: &_| clues::open(tx, &found, office).await).await?;
    }
    let rules = i32::try_from(rules.len()).unwrap_or(i32::MAX);
    let act = async |tx: &_| keep(tx, county, (rules, households, opened)).await;
    app.transact(&Actor::System, act).await?;
    Ok(opened)
}

/// Writes down that a county was looked at.
async fn keep(
    tx: &crate::db::Tx,
    county: &AreaCode,
    (rules, households, opened): (i32, i64, u64),
) -> Result<(), MonitoringError> {
    let row = monitoring_run::Model {
        id: MonitoringRunId::generate(),
        county_code: county.clone(),
        ran_on: business_date(tx.now()),
        rules,
        households,
        clues: i64::try_from(opened).unwrap_or(i64::MAX),
        created_at: tx.now(),
    };
    let after = json!({ "county": county, "rules": rules, "households": households, "clues": opened });
    tx.audit(Change::made("monitoring.ran", "monitoring_run", row.id.uuid(), after)).await?;
    Ok(store::insert_run(tx, row).await?)
}

/// What was found in some households.
async fn look(
    db: &impl ConnectionTrait,
    (county, households): (&AreaCode, Vec<(HouseholdId, OrganisationId)>),
    rules: &[monitoring_rule::Model],
    (today, windows): (NaiveDate, IncomeWindows),
    thresholds: &Threshold,
) -> Result<Vec<clues::Found>, MonitoringError> {
    let ids: Vec<HouseholdId> = households.iter().map(|(id, _)| *id).collect();
    let rule_ids: Vec<MonitoringRuleId> = rules.iter().map(|rule| rule.id).collect();
    let last = store::last_clues(db, &rule_ids, &ids).await?;
    let answered = Answered::of(db, &last).await?;
    let span = Span { from_on: today, to_on: today, rules, windows, is_now: true };
    let batch = Batch::load(db, county, households, &span).await?;
    let mut found = Vec::new();
    for (household, village) in &batch.households {
        for rule in rules {
            let before = last.get(&(*household, rule.id));
            if before.is_some_and(|clue| answered.still_stands(clue) || is_quiet(rule, clue.opened_on, today)) {
                continue;
            }
            let at = (today, before.map(|clue| clue.created_at));
            if let Some(figures) = batch.look(rule, *household, at, thresholds)? {
                found.push(clues::Found {
                    household: *household,
                    county: county.clone(),
                    village: *village,
                    rule: Some(rule.id),
                    kind: rule.kind,
                    figures,
                });
            }
        }
    }
    Ok(found)
}

/// Cases and measures that answer earlier clues and are not over.
struct Answered {
    cases: HashSet<AdjustmentId>,
    measures: HashSet<MeasureId>,
}

impl Answered {
    async fn of(
        db: &impl ConnectionTrait,
        last: &HashMap<(HouseholdId, MonitoringRuleId), LastClue>,
    ) -> Result<Self, MonitoringError> {
        let cases: Vec<AdjustmentId> = last.values().filter_map(|clue| clue.adjustment).collect();
        let measured = last.iter().filter(|(_, clue)| clue.measure.is_some()).map(|((household, _), _)| *household);
        let measured: Vec<HouseholdId> = measured.collect();
        let measures = store::measures_of(db, &measured).await?;
        let running = measures.into_iter().filter(|row| row.state == MeasureState::Running).map(|row| row.id);
        Ok(Self { cases: adjustment::open_cases_among(db, &cases).await?, measures: running.collect() })
    }

    /// Whether an earlier clue waits, or what answers it is not over.
    fn still_stands(&self, clue: &LastClue) -> bool {
        match clue.state {
            ClueState::Open | ClueState::DismissalAsked => true,
            ClueState::TakenUp => {
                clue.adjustment.is_some_and(|id| self.cases.contains(&id))
                    || clue.measure.is_some_and(|id| self.measures.contains(&id))
            }
            ClueState::Dismissed => false,
        }
    }
}
