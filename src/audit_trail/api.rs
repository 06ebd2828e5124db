//! The audit over HTTP.

use super::service;
use super::view::{AuditEvent, AuditExport, AuditFilter};
use crate::access::Grant;
use crate::access::policy::ViewAudit;
use crate::app::App;
use crate::db;
use crate::http::{Body, Page, PageQuery, Query};
use crate::problem::Failure;
use actix_web::{HttpResponse, get, post, web};
use entity::value::AuditEventId;
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_audit_events).service(export_audit_events);
}

/// List who did what, newest first: by object, person, organisation, operation and period.
#[utoipa::path(tag = "audit", params(PageQuery, AuditFilter), responses(
    (status = 200, description = "One page of the audit.", body = Page<AuditEvent>),
))]
#[get("/audit-events")]
async fn list_audit_events(
    _grant: Grant<ViewAudit>,
    app: web::Data<App>,
    page: Query<PageQuery>,
    filter: Query<AuditFilter>,
) -> Result<HttpResponse, Failure> {
    let limit = page.0.limit()?;
    let before = page.0.after()?.map(AuditEventId::from_uuid);
    let rows = db::search_audit(app.reader(), &filter.0.search()?, before, limit + 1).await?;
    Ok(HttpResponse::Ok().json(Page::of(rows, limit, |row| row.id.uuid(), AuditEvent::from)))
}

/// Export what fits as comma-separated values, newest first (导出审计记录). Who took it, when and why stands in the
/// audit, in the file's name and at its head.
#[utoipa::path(tag = "audit", request_body = AuditExport, responses(
    (status = 200, description = "The file, as an attachment.", body = String, content_type = "text/csv"),
))]
#[post("/audit-events/export")]
async fn export_audit_events(
    grant: Grant<ViewAudit>,
    app: web::Data<App>,
    wanted: Body<AuditExport>,
) -> Result<HttpResponse, Failure> {
    service::export(app, &grant, &wanted.0).await
}
