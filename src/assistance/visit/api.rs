//! Visits over HTTP.

use super::{service, view};
use crate::access::policy::{RecordVisit, ViewVisit};
use crate::access::{Grant, Scope};
use crate::app::App;
use crate::assistance::AssistanceError;
use crate::document::{self, DocumentError, FileStore};
use crate::http::{Body, Page, Query};
use crate::problem::Failure;
use actix_web::http::header;
use actix_web::{HttpResponse, get, post, web};
use entity::value::{HouseholdId, VisitId};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations of visits.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(record_visit).service(list_visits).service(get_visit).service(read_visit_photo);
}

/// Record a visit at a household's home: when, where, what you saw, with photos (走访记录).
///
/// For the cadre to whom the household is assigned, and for its village. A visit is not changed afterwards.
#[utoipa::path(
    tag = "assistance",
    params(("id" = HouseholdId, Path, description = "The household")),
    request_body = view::NewVisit,
    responses((status = 201, description = "Recorded", body = view::Visit))
)]
#[post("/households/{id}/visits")]
async fn record_visit(
    grant: Grant<RecordVisit>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
    wanted: Body<view::NewVisit>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::record(tx, &grant, *id, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(made))
}

/// List visits of the households in reach, newest first.
#[utoipa::path(tag = "assistance", params(view::VisitQuery), responses(
    (status = 200, description = "A page of visits", body = Page<view::Visit>),
))]
#[get("/visits")]
async fn list_visits(
    grant: Grant<ViewVisit>,
    app: web::Data<App>,
    wanted: Query<view::VisitQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &wanted.0).await?))
}

/// Show a visit.
#[utoipa::path(tag = "assistance", params(("id" = VisitId, Path, description = "The visit")), responses(
    (status = 200, description = "The visit", body = view::Visit),
))]
#[get("/visits/{id}")]
async fn get_visit(
    grant: Grant<ViewVisit>,
    app: web::Data<App>,
    id: web::Path<VisitId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::show(app.reader(), &grant, *id).await?))
}

/// Read a photo of a visit: whoever sees the visit sees what it shows.
#[utoipa::path(
    tag = "assistance",
    params(
        ("id" = VisitId, Path, description = "The visit"),
        ("number" = i32, Path, description = "Which of its photos, from 1"),
    ),
    responses((status = 200, description = "The picture, as an attachment", content(
        (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"),
    )))
)]
#[get("/visits/{id}/photos/{number}/content")]
async fn read_visit_photo(
    grant: Grant<ViewVisit>,
    app: web::Data<App>,
    place: web::Path<(VisitId, i32)>,
) -> Result<HttpResponse, Failure> {
    let file = service::photo(app.reader(), &grant, *place).await?;
    let found = document::find(app.reader(), &Scope::Everything, file).await.map_err(AssistanceError::from)?;
    let found = found.ok_or(AssistanceError::NotFound)?;
    let content = app.part::<FileStore>()?.read_whole(&found.sha256).await.map_err(DocumentError::from)?;
    Ok(HttpResponse::Ok()
        .content_type(found.media_type)
        .insert_header((header::CONTENT_DISPOSITION, "attachment"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(content))
}
