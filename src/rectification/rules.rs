//! What a county has looked at by itself, and what that enters: the setting, kept version by version, and the findings.
//!
//! Who looks, and what is seen, is not known here: whoever does calls [`enter_by_rule`].

use super::error::{RectificationError, fault};
use super::store;
use super::view::{FindingRule, FindingRules, SetFindingRule};
use crate::access::policy::{KeepFindingRule, ViewFindingRule};
use crate::access::{Grant, Scope};
use crate::db::{self, Change, Tx};
use crate::http::IfMatch;
use crate::problem::FieldProblem;
use crate::region;
use entity::value::{
    AreaCode, FindingId, FindingRuleId, FindingRuleKind, FindingSource, HouseholdId, OrganisationId, business_date,
};
use entity::{finding, finding_rule};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Everything wrong with a setting by itself.
#[must_use]
pub fn faults_of_rule(kind: FindingRuleKind, months: Option<i32>, days: Option<i32>) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    let mut number = |pointer: &str, value: Option<i32>, bounds: Option<(i32, i32)>| match (value, bounds) {
        (None, None) => {}
        (Some(_), None) => {
            faults.push(fault(pointer, "此类规则没有此项。", "A rule of this kind does not have it."));
        }
        (value, Some((least, most))) if value.is_none_or(|value| !(least..=most).contains(&value)) => {
            faults.push(fault(pointer, "请填写允许范围内的数值。", "A number within its range is needed."));
        }
        (_, Some(_)) => {}
    };
    let (of_months, of_days) = match kind {
        FindingRuleKind::MeasureWithoutEffect => (Some((1, 36)), None),
        FindingRuleKind::ClueOverdue => (None, Some((0, 366))),
        FindingRuleKind::NoVisit => (None, Some((1, 366))),
    };
    number("/months", months, of_months);
    number("/days", days, of_days);
    faults
}

/// A county within a scope.
async fn require_county(db: &impl ConnectionTrait, scope: &Scope, county: &AreaCode) -> Result<(), RectificationError> {
    let in_reach = match scope {
        Scope::Everything => region::division(db, county).await?.is_some(),
        Scope::County(own) => own == county,
        Scope::Organisation(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => false,
    };
    if in_reach { Ok(()) } else { Err(RectificationError::NotFound) }
}

/// What a county has looked at, kind by kind; one that was never set is off.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewFindingRule>,
    county: &AreaCode,
) -> Result<FindingRules, RectificationError> {
    require_county(db, grant.scope(), county).await?;
    let held = last_of(store::rules_of(db, Some(county)).await?);
    let items = FindingRuleKind::ALL.iter().map(|kind| match held.get(&(county.to_string(), kind.as_str())) {
        Some(row) => FindingRule::from(row.clone()),
        None => FindingRule::unset(county.clone(), *kind),
    });
    Ok(FindingRules { items: items.collect() })
}

/// Of each county and kind the version that holds.
fn last_of(rows: Vec<finding_rule::Model>) -> BTreeMap<(String, &'static str), finding_rule::Model> {
    let mut held = BTreeMap::new();
    for row in rows {
        held.insert((row.county_code.to_string(), row.kind.as_str()), row);
    }
    held
}

/// Sets what is looked at: a new version, which holds from now on.
///
/// # Errors
/// Not found, or out of reach; set by somebody else meanwhile; numbers that its kind does not have.
pub(super) async fn set(
    tx: &Tx,
    grant: &Grant<KeepFindingRule>,
    (county, kind, seen): (&AreaCode, FindingRuleKind, IfMatch),
    wanted: &SetFindingRule,
) -> Result<FindingRule, RectificationError> {
    require_county(tx, grant.scope(), county).await?;
    let held = last_of(store::rules_of(tx, Some(county)).await?).remove(&(county.to_string(), kind.as_str()));
    let edition = held.as_ref().map_or(0, |row| row.edition);
    seen.check(i64::from(edition)).map_err(|_| RectificationError::Stale)?;
    let faults = faults_of_rule(kind, wanted.months, wanted.days);
    if !faults.is_empty() {
        return Err(RectificationError::Fields(faults));
    }
    let row = finding_rule::Model {
        id: FindingRuleId::generate(),
        county_code: county.clone(),
        kind,
        edition: edition.saturating_add(1),
        is_on: wanted.is_on,
        months: wanted.months,
        days: wanted.days,
        reason: wanted.reason.as_str().to_owned(),
        set_by: grant.person()?,
        created_at: tx.now(),
    };
    store::insert_rule(tx, row.clone()).await.map_err(|error| {
        let meanwhile = db::is_duplicate(&error, "finding_rule", &["county_code", "kind", "edition"]);
        if meanwhile { RectificationError::Stale } else { error.into() }
    })?;
    let after = json!({
        "county": county, "kind": kind, "edition": row.edition, "is_on": row.is_on, "months": row.months,
        "days": row.days,
    });
    tx.audit(Change::made("finding_rule.set", "finding_rule", row.id.uuid(), after).because(&row.reason)).await?;
    Ok(row.into())
}

/// Every rule that is on, county by county.
///
/// # Errors
/// When the database cannot be asked.
pub async fn rules_on(db: &impl ConnectionTrait) -> Result<Vec<finding_rule::Model>, DbErr> {
    Ok(last_of(store::rules_of(db, None).await?).into_values().filter(|row| row.is_on).collect())
}

/// What a rule saw. The text names nobody.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Of which thing in which period it is: the same is entered once.
    pub cause: String,
    /// The household.
    pub household: HouseholdId,
    /// Who answers for it: its village.
    pub village: OrganisationId,
    /// In words.
    pub text: String,
    /// The figures.
    pub figures: Value,
}

/// What a rule is called in the papers.
fn title(rule: &finding_rule::Model) -> String {
    let kind = match rule.kind {
        FindingRuleKind::MeasureWithoutEffect => "帮扶未见成效",
        FindingRuleKind::ClueOverdue => "线索超期未处置",
        FindingRuleKind::NoVisit => "本年未走访",
    };
    format!("规则筛查：{kind}（第 {} 版）", rule.edition)
}

/// Enters what a rule saw as findings, but for what it said before. Says how many were entered.
///
/// # Errors
/// When the database refuses, or figures cannot be written.
pub async fn enter_by_rule(tx: &Tx, rule: &finding_rule::Model, seen: &[Seen]) -> Result<u64, RectificationError> {
    let today = business_date(tx.now());
    let causes: Vec<&str> = seen.iter().map(|one| one.cause.as_str()).collect();
    let known = store::known_causes(tx, &causes).await?;
    let row = |one: &Seen| {
        let id = FindingId::generate();
        let figures = serde_json::to_string(&one.figures).map_err(|error| DbErr::Json(error.to_string()))?;
        Ok::<_, RectificationError>(finding::Model {
            id,
            number: format!("ZG{}-{}", today.format("%Y%m%d"), id.to_string()[24..].to_ascii_uppercase()),
            source: FindingSource::Rule,
            paper: title(rule),
            text: one.text.clone(),
            county_code: rule.county_code.clone(),
            household_id: Some(one.household),
            organisation_id: Some(one.village),
            found_on: today,
            entered_by: rule.set_by,
            rule_id: Some(rule.id),
            cause: Some(one.cause.clone()),
            figures: Some(figures),
            created_at: tx.now(),
            closed_at: None,
            version: 1,
        })
    };
    let new = seen.iter().filter(|one| !known.contains(&one.cause)).map(row).collect::<Result<Vec<_>, _>>()?;
    let entered = store::insert_new(tx, &new).await?;
    let changes = new.iter().filter(|row| entered.contains(&row.id)).map(|row| {
        let after = json!({ "number": row.number, "source": row.source, "rule_id": row.rule_id, "cause": row.cause });
        Change::made("finding.entered", "finding", row.id.uuid(), after).because(&row.paper)
    });
    tx.audit_all(changes.collect()).await?;
    Ok(u64::try_from(entered.len()).unwrap_or(u64::MAX))
}
