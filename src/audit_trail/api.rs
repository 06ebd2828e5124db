//! The audit over HTTP.

use super::view::{AuditEvent, AuditFilter};
use crate::access::Grant;
use crate::access::policy::ViewAudit;
use crate::app::App;
use crate::db;
use crate::http::{Page, PageQuery, Query};
use crate::problem::Failure;
use actix_web::{HttpResponse, get, web};
use entity::value::AuditEventId;
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_audit_events);
}

/// List who did what, newest first.
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
    let rows = db::list_audit(app.reader(), filter.0.object_id, before, limit + 1).await?;
    Ok(HttpResponse::Ok().json(Page::of(rows, limit, |row| row.id.uuid(), AuditEvent::from)))
}
