//! Rules: written down by one person, tried, switched on by another, and replaced by another version when they change.

use super::super::error::fault;
use super::super::terms::{self, Numbers};
use super::super::view::{DraftRule, MonitoringRule, MonitoringRuleWithTrials, MonitoringTrial, RuleQuery};
use super::super::{MonitoringError, store};
use crate::access::policy::{KeepMonitoringRule, ViewMonitoringRule};
use crate::access::{Grant, Scope, four_eyes};
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::problem::Failure;
use entity::monitoring_rule;
use entity::value::{MonitoringRuleId, MonitoringRuleState};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// How long a rule is quiet after a clue when nothing else is said.
const QUIET_DAYS: i32 = 90;

/// How many trials are shown with a rule.
const TRIALS: u64 = 20;

/// Writes a rule down, or the next version of one.
///
/// # Errors
/// Numbers that its kind does not have; a rule to replace that is of another kind or out of reach.
pub(in crate::monitoring) async fn draft(
    tx: &Tx,
    grant: &Grant<KeepMonitoringRule>,
    wanted: &DraftRule,
) -> Result<MonitoringRuleWithTrials, MonitoringError> {
    let Scope::County(county) = grant.scope() else { return Err(MonitoringError::NotFound) };
    let numbers = Numbers {
        percent: wanted.percent,
        amount_fen: wanted.amount_fen,
        days: wanted.days,
        months: wanted.months,
        quiet_days: wanted.quiet_days.unwrap_or(QUIET_DAYS),
    };
    let mut faults = terms::faults(wanted.kind, numbers);
    let mut edition = 1;
    if let Some(id) = wanted.replaces_id {
        let before = store::find_rule(tx, grant.scope(), id).await?.filter(|row| row.kind == wanted.kind);
        match before {
            Some(row) => edition = row.edition.saturating_add(1),
            None => faults.push(fault(
                "/replaces_id",
                "本县没有此类规则。",
                "There is no such rule of this kind in your county.",
            )),
        }
    }
    if !faults.is_empty() {
        return Err(MonitoringError::Fields(faults));
    }
    let row = monitoring_rule::Model {
        id: MonitoringRuleId::generate(),
        county_code: county.clone(),
        kind: wanted.kind,
        edition,
        replaces_id: wanted.replaces_id,
        percent: numbers.percent,
        amount_fen: numbers.amount_fen,
        days: numbers.days,
        months: numbers.months,
        quiet_days: numbers.quiet_days,
        reason: wanted.reason.as_str().to_owned(),
        state: MonitoringRuleState::Drafted,
        drafted_by: grant.person()?,
        created_at: tx.now(),
        switched_on_by: None,
        switched_on_at: None,
        switched_off_by: None,
        switched_off_at: None,
        version: 1,
    };
    store::insert_rule(tx, row.clone()).await?;
    let after = json!({ "kind": row.kind, "edition": row.edition, "county": county, "replaces_id": row.replaces_id });
    tx.audit(Change::made("monitoring_rule.drafted", "monitoring_rule", row.id.uuid(), after)).await?;
    Ok(MonitoringRuleWithTrials { rule: row.into(), trials: Vec::new() })
}

/// Rules in reach, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(in crate::monitoring) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewMonitoringRule>,
    wanted: &RuleQuery,
) -> Result<Page<MonitoringRule>, Failure> {
    let page = PageQuery { limit: wanted.limit, cursor: wanted.cursor.clone() };
    let (limit, before) = (page.limit()?, page.after()?);
    let rows = store::list_rules(db, grant.scope(), wanted.state, before, limit + 1).await;
    Ok(Page::of(rows.map_err(MonitoringError::from)?, limit, |row| row.id.uuid(), MonitoringRule::from))
}

/// A rule in reach, with its trials.
///
/// # Errors
/// Not found, or out of reach.
pub(in crate::monitoring) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewMonitoringRule>,
    id: MonitoringRuleId,
) -> Result<MonitoringRuleWithTrials, MonitoringError> {
    let row = store::find_rule(db, grant.scope(), id).await?.ok_or(MonitoringError::NotFound)?;
    whole(db, row).await
}

async fn whole(
    db: &impl ConnectionTrait,
    row: monitoring_rule::Model,
) -> Result<MonitoringRuleWithTrials, MonitoringError> {
    let trials = store::trials_of(db, row.id, TRIALS).await?;
    let trials = trials.into_iter().map(MonitoringTrial::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(MonitoringRuleWithTrials { rule: row.into(), trials })
}

/// A rule in reach, held, in the version that was read, in a state.
async fn held(
    tx: &Tx,
    grant: &Grant<KeepMonitoringRule>,
    (id, seen): (MonitoringRuleId, IfMatch),
    states: &[MonitoringRuleState],
) -> Result<monitoring_rule::Model, MonitoringError> {
    let row = store::hold_rule(tx, grant.scope(), id).await?.ok_or(MonitoringError::NotFound)?;
    seen.check(row.version).map_err(|_| MonitoringError::Stale)?;
    if states.contains(&row.state) { Ok(row) } else { Err(MonitoringError::WrongState(row.state.as_str())) }
}

/// Switches a rule on that was tried; the version before is switched off with it.
///
/// # Errors
/// Not found, stale, not a draft; never tried; whoever wrote it down.
pub(in crate::monitoring) async fn switch_on(
    tx: &Tx,
    grant: &Grant<KeepMonitoringRule>,
    which: (MonitoringRuleId, IfMatch),
) -> Result<MonitoringRuleWithTrials, MonitoringError> {
    let row = held(tx, grant, which, &[MonitoringRuleState::Drafted]).await?;
    let by = grant.person()?;
    four_eyes::apart([row.drafted_by], by)?;
    if store::trials_of(tx, row.id, 1).await?.is_empty() {
        return Err(MonitoringError::Untried);
    }
    if let Some(before) = row.replaces_id
        && let Some(before) = store::hold_rule(tx, grant.scope(), before).await?
        && before.state == MonitoringRuleState::On
    {
        off(tx, grant, before).await?;
    }
    let now = monitoring_rule::Model {
        state: MonitoringRuleState::On,
        switched_on_by: Some(by),
        switched_on_at: Some(tx.now()),
        ..row
    };
    let now = store::save_rule(tx, now).await?;
    let change = Change::moved("monitoring_rule.switched_on", "monitoring_rule", now.id.uuid(), "drafted", "on");
    tx.audit(change).await?;
    whole(tx, now).await
}

async fn off(
    tx: &Tx,
    grant: &Grant<KeepMonitoringRule>,
    row: monitoring_rule::Model,
) -> Result<monitoring_rule::Model, MonitoringError> {
    let now = monitoring_rule::Model {
        state: MonitoringRuleState::Off,
        switched_off_by: Some(grant.person()?),
        switched_off_at: Some(tx.now()),
        ..row
    };
    let now = store::save_rule(tx, now).await?;
    let change = Change::moved("monitoring_rule.switched_off", "monitoring_rule", now.id.uuid(), "on", "off");
    tx.audit(change).await?;
    Ok(now)
}

/// Switches a rule off; the clues it gave stay.
///
/// # Errors
/// Not found, stale, not on.
pub(in crate::monitoring) async fn switch_off(
    tx: &Tx,
    grant: &Grant<KeepMonitoringRule>,
    which: (MonitoringRuleId, IfMatch),
) -> Result<MonitoringRuleWithTrials, MonitoringError> {
    let row = held(tx, grant, which, &[MonitoringRuleState::On]).await?;
    let row = off(tx, grant, row).await?;
    whole(tx, row).await
}
