//! Declared yields (出成率申报): said before, by the supplier, and never changed, only declared anew.

use super::store;
use super::view::{DeclareYield, DeclaredYield};
use crate::access::policy::KeepHarvest;
use crate::access::{Grant, Scope};
use crate::db::{Change, Tx};
use crate::harvest::error::{HarvestError, invalid};
use crate::http::{Page, PageQuery};
use crate::problem::Failure;
use entity::declared_yield;
use entity::value::DeclaredYieldId;
use sea_orm::ConnectionTrait;
use serde_json::json;

/// Declares a yield.
///
/// # Errors
/// A field is not acceptable.
pub(super) async fn declare(
    tx: &Tx,
    grant: &Grant<KeepHarvest>,
    new: &DeclareYield,
) -> Result<DeclaredYield, HarvestError> {
    let mut faults = Vec::new();
    if !(1..=100).contains(&new.process.trim().chars().count()) {
        faults.push(invalid(
            "/process".to_owned(),
            "加工方式应为 1 至 100 个字。",
            "The process has 1 to 100 characters.",
        ));
    }
    if !(1..=200).contains(&new.basis.trim().chars().count()) {
        faults.push(invalid("/basis".to_owned(), "依据应为 1 至 200 个字。", "The basis has 1 to 200 characters."));
    }
    if new.yield_bp.is_zero() {
        faults.push(invalid("/yield_bp".to_owned(), "出成率应大于零。", "A yield is above zero."));
    }
    if !faults.is_empty() {
        return Err(HarvestError::Faults(faults));
    }
    let row = declared_yield::Model {
        id: DeclaredYieldId::generate(),
        supplier_id: grant.organisation()?,
        process: new.process.trim().to_owned(),
        yield_bp: new.yield_bp,
        basis: new.basis.trim().to_owned(),
        declared_by: grant.person()?,
        created_at: tx.now(),
    };
    store::insert_yield(tx, row.clone()).await?;
    let after = json!({ "process": row.process, "yield_bp": row.yield_bp });
    tx.audit(Change::made("yield.declared", "declared_yield", row.id.uuid(), after)).await?;
    Ok(row.into())
}

/// One page of declared yields, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    page: &PageQuery,
) -> Result<Page<DeclaredYield>, Failure> {
    let (limit, after) = (page.limit()?, page.after()?.map(DeclaredYieldId::from_uuid));
    let rows = store::list_yields(db, scope, after, limit).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), DeclaredYield::from))
}
