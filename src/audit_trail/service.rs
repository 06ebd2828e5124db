//! The audit as a file.

use super::view::{AuditExport, cells};
use crate::access::Grant;
use crate::access::policy::ViewAudit;
use crate::app::App;
use crate::db::{self, AuditSearch, Change, Tx};
use crate::http::export::{Export, line};
use crate::organisation;
use crate::problem::Failure;
use actix_web::{HttpResponse, web};
use entity::value::AuditEventId;
use futures_util::stream;
use sea_orm::DbErr;
use serde_json::json;

/// Rows in one piece of the file.
const PIECE: u64 = 500;

/// What stands over the columns.
const TITLES: [&str; 13] = [
    "编号 id",
    "时间 at",
    "人员 person",
    "单位 organisation",
    "角色 role",
    "操作 operation",
    "对象类型 object kind",
    "对象 object",
    "变更前 before",
    "变更后 after",
    "理由 reason",
    "请求 request",
    "地址 address",
];

/// Records the export, then sends what was there before it.
///
/// # Errors
/// A period or a purpose that cannot be; the database.
pub(super) async fn export(
    app: web::Data<App>,
    grant: &Grant<ViewAudit>,
    wanted: &AuditExport,
) -> Result<HttpResponse, Failure> {
    let search = wanted.search()?;
    let purpose = wanted.purpose.as_str();
    let filter = json!({
        "object_id": search.object, "object_kind": search.object_kind, "person_id": search.person,
        "organisation_id": search.organisation, "operation": search.operation,
        "from": wanted.from, "until": wanted.to,
    });
    let id = AuditEventId::generate();
    let record = async |tx: &Tx| -> Result<_, DbErr> {
        tx.audit(Change::made("audit.exported", "audit_export", id.uuid(), filter.clone()).because(purpose)).await?;
        let organisation = match tx.actor().organisation() {
            Some(id) => organisation::find(tx, id).await?.map(|found| found.name),
            None => None,
        };
        let person = tx.actor().person().map(|person| person.to_string());
        Ok((tx.now(), [organisation, person].into_iter().flatten().collect::<Vec<_>>().join(" ")))
    };
    let (at, by) = app.transact(grant.actor(), record).await?;
    let export = Export { what: "audit", id: id.uuid(), by, at, why: purpose.to_owned() };
    // The export's own row is newer than its identifier, so the file ends before itself.
    let rows = stream::try_unfold(Some(id), move |before| next_piece(app.clone(), search.clone(), before));
    Ok(export.respond(&TITLES, rows))
}

/// The next rows as text, and where to go on.
async fn next_piece(
    app: web::Data<App>,
    search: AuditSearch,
    before: Option<AuditEventId>,
) -> Result<Option<(String, Option<AuditEventId>)>, Failure> {
    let Some(before) = before else { return Ok(None) };
    let rows = db::search_audit(app.reader(), &search, Some(before), PIECE).await?;
    let Some(last) = rows.last().map(|row| row.id) else { return Ok(None) };
    let next = (rows.len() == usize::try_from(PIECE).unwrap_or_default()).then_some(last);
    let text = rows.into_iter().map(|row| line(cells(row).iter().map(String::as_str))).collect();
    Ok(Some((text, next)))
}
