//! What can be done with records of help.

use super::error::HelpError;
use super::store;
use super::view::{HelpQuery, HelpRecord, RecordHelp};
use crate::access::policy::KeepHelp;
use crate::access::{Grant, Scope};
use crate::attribution::error::fault;
use crate::db::{Change, Tx};
use crate::http::{Page, PageQuery};
use crate::problem::Failure;
use crate::{document, household};
use entity::help_record;
use entity::value::{HelpRecordId, HouseholdId, business_date};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// Records help that was given.
///
/// # Errors
/// Field problems; no such household; evidence that is not the organisation's.
pub(super) async fn record(tx: &Tx, grant: &Grant<KeepHelp>, wanted: &RecordHelp) -> Result<HelpRecordId, HelpError> {
    let mut faults = Vec::new();
    if wanted.given_on > business_date(tx.now()) {
        faults.push(fault("/given_on", "日期不能晚于今天。", "The day is not in the future."));
    }
    if !(2..=500).contains(&wanted.content.trim().chars().count()) {
        faults.push(fault("/content", "请以 2 至 500 个字说明。", "Describe it in 2 to 500 characters."));
    }
    if !(1..=50).contains(&wanted.people) {
        faults.push(fault("/people", "人数应在 1 至 50 之间。", "The number of people lies between 1 and 50."));
    }
    if !faults.is_empty() {
        return Err(HelpError::Fields(faults));
    }
    let household =
        household::find_by_number(tx, &wanted.household_number).await?.ok_or(HelpError::HouseholdUnknown)?;
    let supplier = grant.organisation()?;
    document::require_own(tx, supplier, wanted.evidence_file_id.as_slice()).await?;
    let row = help_record::Model {
        id: HelpRecordId::generate(),
        supplier_id: supplier,
        household_id: household.id,
        kind: wanted.kind,
        given_on: wanted.given_on,
        content: wanted.content.trim().to_owned(),
        people: wanted.people,
        evidence_file_id: wanted.evidence_file_id,
        recorded_by: grant.person()?,
        created_at: tx.now(),
    };
    let id = row.id;
    let after = json!({ "household_id": row.household_id, "kind": row.kind, "given_on": row.given_on });
    store::insert(tx, row).await?;
    tx.audit(Change::made("help.recorded", "help_record", id.uuid(), after)).await?;
    Ok(id)
}

/// One page of records, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &HelpQuery,
) -> Result<Page<HelpRecord>, Failure> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let (limit, after) = (page.limit()?, page.after()?.map(HelpRecordId::from_uuid));
    let rows = store::list(db, scope, query, after, limit).await?;
    let households: Vec<HouseholdId> = rows.iter().map(|row| row.household_id).collect();
    let households = household::briefs(db, &households).await?;
    let view = |row: help_record::Model| {
        let household = households.get(&row.household_id).cloned();
        HelpRecord::of(row, household)
    };
    Ok(Page::of(rows, limit, |row| row.id.uuid(), view))
}

/// One record.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(db: &impl ConnectionTrait, scope: &Scope, id: HelpRecordId) -> Result<HelpRecord, HelpError> {
    let row = store::find_visible(db, scope, id).await?.ok_or(HelpError::NotFound)?;
    let household = household::briefs(db, &[row.household_id]).await?.remove(&row.household_id);
    Ok(HelpRecord::of(row, household))
}
