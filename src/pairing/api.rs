//! Programmes, pairings and contributions over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{KeepPairing, KeepProgramme, ViewPairing};
use crate::app::App;
use crate::http::{Body, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::PairingId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(add_programme)
        .service(list_programmes)
        .service(add_pairing)
        .service(list_pairings)
        .service(list_contributions);
    super::aid::routes(cfg);
    super::certificate::routes(cfg);
    super::timeline::routes(cfg);
    super::need::routes(cfg);
}

/// Begin a pairing programme (结对帮扶行动).
#[utoipa::path(
    tag = "pairings",
    request_body = view::NewProgramme,
    responses((status = 201, description = "Begun", body = view::Programme))
)]
#[post("/programmes")]
async fn add_programme(
    grant: Grant<KeepProgramme>,
    app: web::Data<App>,
    wanted: Body<view::NewProgramme>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::add_programme(tx, &grant, &wanted.0).await).await?;
    Ok(tagged(StatusCode::CREATED, made.version, &made))
}

/// List pairing programmes, newest first.
#[utoipa::path(
    tag = "pairings",
    params(PageQuery),
    responses((status = 200, description = "A page of programmes", body = Page<view::Programme>))
)]
#[get("/programmes")]
async fn list_programmes(
    grant: Grant<ViewPairing>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list_programmes(app.reader(), &grant, &page.0).await?))
}

/// Pair an enterprise with a village of your county, a group of them, all of it, or some households (村企结对).
#[utoipa::path(
    tag = "pairings",
    request_body = view::NewPairing,
    responses((status = 201, description = "Paired", body = view::Pairing))
)]
#[post("/pairings")]
async fn add_pairing(
    grant: Grant<KeepPairing>,
    app: web::Data<App>,
    wanted: Body<view::NewPairing>,
) -> Result<HttpResponse, Failure> {
    let least = app.config.smallest_group;
    let made = app.transact(grant.actor(), async |tx| service::pair(tx, &grant, &wanted.0, least).await).await?;
    Ok(tagged(StatusCode::CREATED, made.version, &made))
}

/// List pairings, newest first.
#[utoipa::path(
    tag = "pairings",
    params(PageQuery),
    responses((status = 200, description = "A page of pairings", body = Page<view::Pairing>))
)]
#[get("/pairings")]
async fn list_pairings(
    grant: Grant<ViewPairing>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list_pairings(app.reader(), &grant, &page.0, app.config.smallest_group).await?))
}

/// Show what a pairing contributed: totals by kind, households reached, and a page of contributions (帮扶贡献).
#[utoipa::path(
    tag = "pairings",
    params(("id" = PairingId, Path, description = "The pairing"), PageQuery),
    responses((status = 200, description = "What it contributed", body = view::Contributions))
)]
#[get("/pairings/{id}/contributions")]
async fn list_contributions(
    grant: Grant<ViewPairing>,
    app: web::Data<App>,
    id: web::Path<PairingId>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    let least = app.config.smallest_group;
    Ok(HttpResponse::Ok().json(service::contributions(app.reader(), &grant, id.into_inner(), &page.0, least).await?))
}
