//! Framework agreements over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{AnswerFramework, EndFramework, KeepFramework, PlaceOrder, ViewFramework};
use crate::app::App;
use crate::http::{Body, IdempotencyHeader, IfMatch, IfMatchHeader, Once, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use crate::purchase::request::PurchaseRequest;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::FrameworkId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(propose_framework)
        .service(list_frameworks)
        .service(get_framework)
        .service(answer_framework)
        .service(call_off_framework)
        .service(end_framework);
}

/// Propose a framework agreement to a supplier (框架协议).
#[utoipa::path(tag = "purchases", request_body = view::ProposeFramework,
    responses((status = 201, description = "The proposal; the supplier answers it", body = view::Framework)))]
#[post("/frameworks")]
async fn propose_framework(
    grant: Grant<KeepFramework>,
    app: web::Data<App>,
    wanted: Body<view::ProposeFramework>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::propose(tx, &grant, &wanted.0).await).await?;
    Ok(tagged(StatusCode::CREATED, made.version, &made))
}

/// List framework agreements, as either side or above the buyer; newest first.
#[utoipa::path(tag = "purchases", params(PageQuery),
    responses((status = 200, description = "A page of agreements", body = Page<view::Framework>)))]
#[get("/frameworks")]
async fn list_frameworks(
    grant: Grant<ViewFramework>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &page.0).await?))
}

/// Show a framework agreement with its lines and how far they are called off.
#[utoipa::path(tag = "purchases", params(("id" = FrameworkId, Path, description = "The agreement")),
    responses((status = 200, description = "The agreement", body = view::FrameworkDetail)))]
#[get("/frameworks/{id}")]
async fn get_framework(
    grant: Grant<ViewFramework>,
    app: web::Data<App>,
    id: web::Path<FrameworkId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), &grant, *id).await?;
    Ok(tagged(StatusCode::OK, shown.framework.version, &shown))
}

/// Agree to a proposed framework agreement as its supplier, or decline it.
#[utoipa::path(tag = "purchases", request_body = view::AnswerFramework,
    params(("id" = FrameworkId, Path, description = "The agreement"), IfMatchHeader),
    responses((status = 200, description = "The agreement, active or declined", body = view::Framework)))]
#[post("/frameworks/{id}/answer")]
async fn answer_framework(
    grant: Grant<AnswerFramework>,
    app: web::Data<App>,
    id: web::Path<FrameworkId>,
    seen: IfMatch,
    wanted: Body<view::AnswerFramework>,
) -> Result<HttpResponse, Failure> {
    let shown = app.transact(grant.actor(), async |tx| service::answer(tx, &grant, *id, seen, &wanted.0).await).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// Call something off from a framework agreement: a request at its prices (要货).
#[utoipa::path(tag = "purchases", request_body = view::CallOff,
    params(("id" = FrameworkId, Path, description = "The agreement"), IdempotencyHeader),
    responses((status = 201, description = "The request: placed, or waiting", body = PurchaseRequest)))]
#[post("/frameworks/{id}/call-offs")]
async fn call_off_framework(
    grant: Grant<PlaceOrder>,
    app: web::Data<App>,
    id: web::Path<FrameworkId>,
    wanted: Once<view::CallOff>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| {
            service::call_off(tx, &grant, *id, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// End a framework agreement as either side; orders that were called off go on.
#[utoipa::path(tag = "purchases", request_body = view::EndFramework,
    params(("id" = FrameworkId, Path, description = "The agreement"), IfMatchHeader),
    responses((status = 200, description = "The agreement, ended", body = view::Framework)))]
#[post("/frameworks/{id}/end")]
async fn end_framework(
    grant: Grant<EndFramework>,
    app: web::Data<App>,
    id: web::Path<FrameworkId>,
    seen: IfMatch,
    wanted: Body<view::EndFramework>,
) -> Result<HttpResponse, Failure> {
    let reason = wanted.0.reason.as_str();
    let shown = app.transact(grant.actor(), async |tx| service::end(tx, &grant, *id, seen, reason).await).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}
