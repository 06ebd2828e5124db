//! Timelines over HTTP.

use super::service;
use super::view::TimelineEntry;
use crate::access::Grant;
use crate::access::policy::ViewPairing;
use crate::app::App;
use crate::http::{Page, PageQuery, Query};
use crate::problem::Failure;
use actix_web::{HttpResponse, get, web};
use entity::value::PairingId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_pairing_timeline);
}

/// List everything that happened in a pairing, oldest first (结对时间线).
#[utoipa::path(tag = "pairings", params(("id" = PairingId, Path, description = "The pairing"), PageQuery),
    responses((status = 200, description = "A page of its timeline", body = Page<TimelineEntry>)))]
#[get("/pairings/{id}/timeline")]
async fn get_pairing_timeline(
    grant: Grant<ViewPairing>,
    app: web::Data<App>,
    id: web::Path<PairingId>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::page(app.reader(), &grant, *id, &page.0).await?))
}
