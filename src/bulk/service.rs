//! What can be done with a sheet: send it, look at what it would do, carry it out, give it up.

use super::error::BulkError;
use super::jobs;
use super::store;
use super::view::{CommitImport, Import, ImportRow, ImportRowQuery, ImportRows, NewImport};
use crate::access::policy::{KeepHarvest, KeepProduct, RecordPayout, RegisterHousehold, RevealHousehold, UseSheets};
use crate::access::{Actor, Grant, Scope, four_eyes};
use crate::db::{Change, Tx};
use crate::document;
use crate::http::{IfMatch, Page, PageQuery};
use crate::problem::{Failure, Problem};
use entity::sheet_import;
use entity::value::{ImportId, ImportKind, ImportState};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

/// Takes a sheet in; its rows are looked at in the background.
///
/// # Errors
/// The file is not yours, or is no sheet.
pub(super) async fn send(tx: &Tx, grant: &Grant<UseSheets>, new: &NewImport) -> Result<Import, BulkError> {
    let organisation_id = grant.organisation()?;
    require_role(new.kind, grant.actor())?;
    let files = document::require_own(tx, organisation_id, &[new.file_id]).await?;
    let is_sheet = |kind: &str| kind == "text/csv" || kind.ends_with("spreadsheetml.sheet");
    if !files.iter().all(|file| is_sheet(&file.media_type)) {
        return Err(BulkError::NotASheet);
    }
    let role = match tx.actor().caller() {
        crate::access::Caller::Role(role) => role.as_str(),
        crate::access::Caller::Public | crate::access::Caller::System => "",
    };
    let row = sheet_import::Model {
        id: ImportId::generate(),
        kind: new.kind,
        file_id: new.file_id,
        organisation_id,
        person_id: grant.person()?,
        role: role.to_owned(),
        state: ImportState::Checking,
        total_rows: 0,
        checked_rows: 0,
        new_rows: 0,
        changed_rows: 0,
        same_rows: 0,
        bad_rows: 0,
        done_rows: 0,
        failed_rows: 0,
        problem_zh: None,
        problem_en: None,
        created_at: tx.now(),
        updated_at: tx.now(),
        version: 1,
        committed_by: None,
        erased_at: None,
    };
    store::insert(tx, row.clone()).await?;
    jobs::enqueue(tx, jobs::CHECK.name, row.id).await?;
    let after = json!({ "kind": row.kind, "file_id": row.file_id });
    tx.audit(Change::made("sheet.sent", "sheet_import", row.id.uuid(), after)).await?;
    Ok(row.into())
}

/// Refuses a kind of sheet that is for another role.
///
/// # Errors
/// [`BulkError::KindForeign`].
pub(super) fn require_role(kind: ImportKind, actor: &Actor) -> Result<(), BulkError> {
    let claimed = match kind {
        ImportKind::Products | ImportKind::Stock => Grant::<KeepProduct>::claim(actor).map(drop),
        ImportKind::Deliveries => Grant::<KeepHarvest>::claim(actor).map(drop),
        ImportKind::Payouts => Grant::<RecordPayout>::claim(actor).map(drop),
        ImportKind::Households => Grant::<RegisterHousehold>::claim(actor).map(drop),
    };
    claimed.map_err(|_| BulkError::KindForeign(kind))
}

/// Records that everything of a kind is taken out, and what for; gives the identifier under which that is kept.
///
/// # Errors
/// No purpose where households are told of; a kind that is for another role, or a register in full for one that may not
/// reveal it; the database.
pub(super) async fn exported(
    tx: &Tx,
    kind: ImportKind,
    (purpose, in_full): (Option<&str>, bool),
) -> Result<Uuid, Failure> {
    require_role(kind, tx.actor())?;
    if in_full {
        Grant::<RevealHousehold>::claim(tx.actor())?;
    }
    let tells_of_households = matches!(kind, ImportKind::Deliveries | ImportKind::Payouts | ImportKind::Households);
    if tells_of_households && purpose.is_none() {
        let (zh, en) = ("请说明导出用途。", "Say what it is taken for: it tells of households.");
        return Err(Problem::invalid("?purpose", zh, en).into());
    }
    let id = Uuid::now_v7();
    let change = Change::made("sheet.exported", "sheet_export", id, json!({ "kind": kind, "in_full": in_full }));
    tx.audit(match purpose {
        Some(purpose) => change.because(purpose),
        None => change,
    })
    .await?;
    Ok(id)
}

/// Has the good rows carried out, in the background.
///
/// # Errors
/// Not found; changed meanwhile; not looked at yet, or carried out already; rows at fault that nobody said to skip;
/// payouts that one sent oneself: as with batches, somebody else lets money go.
pub(super) async fn commit(
    tx: &Tx,
    grant: &Grant<UseSheets>,
    id: ImportId,
    seen: IfMatch,
    wanted: &CommitImport,
) -> Result<Import, BulkError> {
    let held = hold(tx, grant, id, seen).await?;
    if held.state != ImportState::Checked {
        return Err(BulkError::WrongState(held.state));
    }
    if held.erased_at.is_some() {
        return Err(BulkError::Erased);
    }
    let person = grant.person()?;
    if held.kind == ImportKind::Payouts {
        four_eyes::apart([held.person_id], person)?;
    }
    if held.bad_rows > 0 && !wanted.skip_bad_rows {
        return Err(BulkError::BadRows(held.bad_rows));
    }
    if held.new_rows + held.changed_rows == 0 {
        return Err(BulkError::NothingToDo);
    }
    jobs::enqueue(tx, jobs::COMMIT.name, id).await?;
    let moved = Change::moved("sheet.commit", "sheet_import", id.uuid(), "checked", "committing");
    tx.audit(moved).await?;
    let held = sheet_import::Model { state: ImportState::Committing, committed_by: Some(person), ..held };
    Ok(store::save(tx, held).await?.into())
}

/// Gives a sheet up; what was carried out of it stays.
///
/// # Errors
/// Not found; changed meanwhile; at its end already.
pub(super) async fn cancel(
    tx: &Tx,
    grant: &Grant<UseSheets>,
    id: ImportId,
    seen: IfMatch,
) -> Result<Import, BulkError> {
    let held = hold(tx, grant, id, seen).await?;
    if !matches!(held.state, ImportState::Checking | ImportState::Checked | ImportState::Committing) {
        return Err(BulkError::WrongState(held.state));
    }
    let from = held.state;
    tx.audit(Change::moved("sheet.cancel", "sheet_import", id.uuid(), from.as_str(), "cancelled")).await?;
    Ok(store::save(tx, sheet_import::Model { state: ImportState::Cancelled, ..held }).await?.into())
}

async fn hold(
    tx: &Tx,
    grant: &Grant<UseSheets>,
    id: ImportId,
    seen: IfMatch,
) -> Result<sheet_import::Model, BulkError> {
    let held = store::hold(tx, grant.scope(), id).await?.ok_or(BulkError::NotFound)?;
    if seen.0 == held.version { Ok(held) } else { Err(BulkError::Stale) }
}

/// One page of imports, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(db: &impl ConnectionTrait, scope: &Scope, page: &PageQuery) -> Result<Page<Import>, Failure> {
    let (limit, after) = (page.limit()?, page.after()?.map(ImportId::from_uuid));
    let rows = store::list(db, scope, after, limit).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), Import::from))
}

/// One import, with how far it is.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: ImportId,
) -> Result<sheet_import::Model, BulkError> {
    store::find(db, scope, id).await?.ok_or(BulkError::NotFound)
}

/// Rows of an import, by line.
///
/// # Errors
/// Not found; a limit out of bounds.
pub(super) async fn rows(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: ImportId,
    query: &ImportRowQuery,
) -> Result<ImportRows, Failure> {
    show(db, scope, id).await?;
    let limit = query.limit.unwrap_or(100);
    if !(1..=500).contains(&limit) {
        return Err(Problem::invalid("?limit", "limit 应在 1 至 500 之间。", "limit lies between 1 and 500.").into());
    }
    let outcomes: Vec<_> = query.outcome.into_iter().collect();
    let mut rows = store::rows(db, id, &outcomes, query.after.unwrap_or(0), limit + 1).await?;
    let has_more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next_after = rows.last().map(|row| row.line_no).filter(|_| has_more);
    Ok(ImportRows { items: rows.into_iter().map(ImportRow::from).collect(), next_after })
}
