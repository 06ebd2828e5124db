//! Policies: entering them, and which hold for a unit.

use crate::access::Grant;
use crate::access::policy::KeepQuotaPolicy;
use crate::db::{Change, Tx};
use crate::http::{Page, PageQuery};
use crate::problem::{Failure, FieldProblem, Text};
use crate::quota::rule::{Rule, WHOLE_BP};
use crate::quota::view::{NewPolicy, Policy, PolicyFilter};
use crate::quota::{QuotaError, store};
use crate::region;
use entity::quota_policy;
use entity::value::{AreaCode, QuotaFigure, QuotaPolicyId};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;

/// Enters a policy, or a new version of one.
///
/// # Errors
/// Fields that make no sense; a region that does not exist.
pub async fn add(tx: &Tx, grant: &Grant<KeepQuotaPolicy>, wanted: &NewPolicy) -> Result<Policy, QuotaError> {
    let mut faults = faults_of(wanted);
    if let Some(region) = &wanted.region_code
        && region::division(tx, region).await?.is_none()
    {
        faults.push(fault("/region_code", "没有这个行政区划。", "There is no such division."));
    }
    if !faults.is_empty() {
        return Err(QuotaError::Fields(faults));
    }
    let row = quota_policy::Model {
        id: QuotaPolicyId::generate(),
        region_code: wanted.region_code.clone(),
        year: wanted.year,
        number: store::versions_of(tx, wanted.year, wanted.region_code.as_ref()).await? + 1,
        canteen_bp: wanted.canteen_bp,
        union_bp: wanted.union_bp,
        not_below_last_year: wanted.not_below_last_year,
        counts: wanted.counts,
        counts_union: wanted.counts_union,
        counts_contractor: wanted.counts_contractor,
        counts_individual: wanted.counts_individual,
        document: wanted.document.as_str().to_owned(),
        created_by: grant.person()?,
        created_at: tx.now(),
    };
    store::insert_policy(tx, row.clone()).await?;
    let after = json!({
        "region_code": row.region_code, "year": row.year, "number": row.number, "document": row.document,
        "canteen_bp": row.canteen_bp, "union_bp": row.union_bp, "counts": row.counts,
    });
    tx.audit(Change::made("quota.policy_add", "quota_policy", row.id.uuid(), after)).await?;
    Ok(row.into())
}

fn fault(pointer: &str, zh: &'static str, en: &'static str) -> FieldProblem {
    FieldProblem { pointer: pointer.to_owned(), detail: Text::new(zh, en) }
}

fn faults_of(wanted: &NewPolicy) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    if !(2000..=2100).contains(&wanted.year) {
        faults.push(fault("/year", "年度应在 2000 至 2100 之间。", "The year lies between 2000 and 2100."));
    }
    for (pointer, bp) in [("/canteen_bp", wanted.canteen_bp), ("/union_bp", wanted.union_bp)] {
        if !(0..=WHOLE_BP).contains(&bp) {
            faults.push(fault(pointer, "比例应在 0 至 10000 之间。", "The part lies between 0 and 10000."));
        }
    }
    if matches!(wanted.counts, QuotaFigure::Released | QuotaFigure::Refunded) {
        faults.push(fault(
            "/counts",
            "计入口径应为下单、验收、付款或完成。",
            "What counts is ordered, accepted, paid or completed.",
        ));
    }
    faults
}

/// One page of policies, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub async fn list(db: &impl ConnectionTrait, wanted: PolicyFilter) -> Result<Page<Policy>, Failure> {
    let PolicyFilter { year, limit, cursor } = wanted;
    let page = PageQuery { limit, cursor };
    let limit = page.limit()?;
    let rows = store::list_policies(db, year, page.after()?, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), Policy::from))
}

/// A division and those above it, by the digits of its code (GB/T 2260: two for the province, four for the prefecture).
pub fn path_of(code: &AreaCode) -> Vec<AreaCode> {
    let above = |digits: usize| code.as_str().get(..digits).map(|head| format!("{head:0<6}"));
    let mut path: Vec<AreaCode> =
        [above(2), above(4)].into_iter().flatten().filter_map(|text| AreaCode::parse(&text).ok()).collect();
    path.push(code.clone());
    path.dedup();
    path
}

/// The rule that holds in a division in a year, and the documents it comes from.
///
/// # Errors
/// When the database cannot be asked.
pub async fn rule_of(
    db: &impl ConnectionTrait,
    division: &AreaCode,
    year: i32,
) -> Result<Option<(Rule, Vec<String>)>, DbErr> {
    let policies = store::policies(db, year, &path_of(division)).await?;
    Ok(Rule::strictest(&policies).map(|rule| (rule, policies.into_iter().map(|policy| policy.document).collect())))
}
