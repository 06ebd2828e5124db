//! Mandates over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{DecideMandate, ProposeMandate, ViewMandate};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::{MandateId, ProductId};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(propose_mandate)
        .service(list_mandates)
        .service(get_mandate)
        .service(confirm_mandate)
        .service(end_mandate);
}

/// Propose a mandate for a product you sell as an agent (代理授权).
#[utoipa::path(tag = "mandates", request_body = view::ProposeMandate,
    params(("id" = ProductId, Path, description = "The agent's product")),
    responses((status = 201, description = "The mandate, waiting for the principal", body = view::Mandate)))]
#[post("/products/{id}/mandates")]
async fn propose_mandate(
    grant: Grant<ProposeMandate>,
    app: web::Data<App>,
    id: web::Path<ProductId>,
    wanted: Body<view::ProposeMandate>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::propose(tx, &grant, *id, &wanted.0).await).await?;
    Ok(tagged(StatusCode::CREATED, made.version, &made))
}

/// List the mandates you gave or hold, newest first.
#[utoipa::path(tag = "mandates", params(view::ListMandates),
    responses((status = 200, description = "A page of mandates", body = Page<view::Mandate>)))]
#[get("/mandates")]
async fn list_mandates(
    grant: Grant<ViewMandate>,
    app: web::Data<App>,
    wanted: Query<view::ListMandates>,
) -> Result<HttpResponse, Failure> {
    let view::ListMandates { state, limit, cursor } = wanted.0;
    let page = PageQuery { limit, cursor };
    let found = service::list(app.reader(), &grant, state, page.after()?, page.limit()?).await?;
    Ok(HttpResponse::Ok().json(found))
}

/// Show a mandate.
#[utoipa::path(tag = "mandates", params(("id" = MandateId, Path, description = "The mandate")),
    responses((status = 200, description = "The mandate", body = view::Mandate)))]
#[get("/mandates/{id}")]
async fn get_mandate(
    grant: Grant<ViewMandate>,
    app: web::Data<App>,
    id: web::Path<MandateId>,
) -> Result<HttpResponse, Failure> {
    let found = service::get(app.reader(), &grant, *id).await?;
    Ok(tagged(StatusCode::OK, found.version, &found))
}

/// Confirm a mandate: as the principal, or as the platform where the principal has no account.
#[utoipa::path(tag = "mandates", params(("id" = MandateId, Path, description = "The mandate"), IfMatchHeader),
    responses((status = 200, description = "The mandate, confirmed", body = view::Mandate)))]
#[post("/mandates/{id}/confirm")]
async fn confirm_mandate(
    grant: Grant<DecideMandate>,
    app: web::Data<App>,
    id: web::Path<MandateId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let shown = app.transact(grant.actor(), async |tx| service::confirm(tx, &grant, *id, seen).await).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// Refuse or end a mandate; the product it is for leaves the shelf.
#[utoipa::path(tag = "mandates", params(("id" = MandateId, Path, description = "The mandate"), IfMatchHeader),
    responses((status = 200, description = "The mandate, ended", body = view::Mandate)))]
#[post("/mandates/{id}/end")]
async fn end_mandate(
    grant: Grant<DecideMandate>,
    app: web::Data<App>,
    id: web::Path<MandateId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let shown = app.transact(grant.actor(), async |tx| service::end(tx, &grant, *id, seen).await).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}
