//! Standing orders over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{PlaceOrder, ViewRequest};
use crate::app::App;
use crate::http::{Body, IdempotencyHeader, IfMatch, IfMatchHeader, Once, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use crate::purchase::request::PurchaseRequest;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::{CallOffId, StandingOrderId};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(set_up_standing_order)
        .service(list_standing_orders)
        .service(get_standing_order)
        .service(end_standing_order)
        .service(list_call_offs)
        .service(confirm_call_off)
        .service(decline_call_off);
}

/// Set up deliveries that return every so many weeks over a term (定期采购).
#[utoipa::path(tag = "purchases", request_body = view::SetUpStanding,
    responses((status = 201, description = "The standing order", body = view::StandingOrder)))]
#[post("/standing-orders")]
async fn set_up_standing_order(
    grant: Grant<PlaceOrder>,
    app: web::Data<App>,
    wanted: Body<view::SetUpStanding>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::set_up(tx, &grant, &wanted.0).await).await?;
    Ok(tagged(StatusCode::CREATED, made.version, &made))
}

/// List standing orders, newest first.
#[utoipa::path(tag = "purchases", params(PageQuery),
    responses((status = 200, description = "A page of standing orders", body = Page<view::StandingOrder>)))]
#[get("/standing-orders")]
async fn list_standing_orders(
    grant: Grant<ViewRequest>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &page.0).await?))
}

/// Show a standing order with what became of its deliveries.
#[utoipa::path(tag = "purchases", params(("id" = StandingOrderId, Path, description = "The standing order")),
    responses((status = 200, description = "The standing order", body = view::StandingDetail)))]
#[get("/standing-orders/{id}")]
async fn get_standing_order(
    grant: Grant<ViewRequest>,
    app: web::Data<App>,
    id: web::Path<StandingOrderId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), &grant, *id).await?;
    Ok(tagged(StatusCode::OK, shown.standing_order.version, &shown))
}

/// End a standing order before its time.
#[utoipa::path(tag = "purchases", request_body = view::StandingReason,
    params(("id" = StandingOrderId, Path, description = "The standing order"), IfMatchHeader),
    responses((status = 200, description = "The standing order, ended", body = view::StandingOrder)))]
#[post("/standing-orders/{id}/end")]
async fn end_standing_order(
    grant: Grant<PlaceOrder>,
    app: web::Data<App>,
    id: web::Path<StandingOrderId>,
    seen: IfMatch,
    wanted: Body<view::StandingReason>,
) -> Result<HttpResponse, Failure> {
    let reason = wanted.0.reason.as_str();
    let shown = app.transact(grant.actor(), async |tx| service::end(tx, &grant, *id, seen, reason).await).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// List call-offs of standing orders, newest first.
#[utoipa::path(tag = "purchases", params(view::CallOffFilter),
    responses((status = 200, description = "A page of call-offs", body = Page<view::StandingCallOff>)))]
#[get("/standing-call-offs")]
async fn list_call_offs(
    grant: Grant<ViewRequest>,
    app: web::Data<App>,
    wanted: Query<view::CallOffFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list_call_offs(app.reader(), &grant, wanted.0).await?))
}

/// Confirm a call-off, perhaps with other quantities: a request for its delivery (确认要货).
#[utoipa::path(tag = "purchases", request_body = view::ConfirmCallOff,
    params(("id" = CallOffId, Path, description = "The call-off"), IdempotencyHeader, IfMatchHeader),
    responses((status = 201, description = "The request: placed, or waiting", body = PurchaseRequest)))]
#[post("/standing-call-offs/{id}/confirm")]
async fn confirm_call_off(
    grant: Grant<PlaceOrder>,
    app: web::Data<App>,
    id: web::Path<CallOffId>,
    seen: IfMatch,
    wanted: Once<view::ConfirmCallOff>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| {
            service::confirm(tx, &grant, *id, seen, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Decline a call-off: this delivery does not take place.
#[utoipa::path(tag = "purchases", request_body = view::StandingReason,
    params(("id" = CallOffId, Path, description = "The call-off"), IfMatchHeader),
    responses((status = 200, description = "The call-off, declined", body = view::StandingCallOff)))]
#[post("/standing-call-offs/{id}/decline")]
async fn decline_call_off(
    grant: Grant<PlaceOrder>,
    app: web::Data<App>,
    id: web::Path<CallOffId>,
    seen: IfMatch,
    wanted: Body<view::StandingReason>,
) -> Result<HttpResponse, Failure> {
    let reason = wanted.0.reason.as_str();
    let shown = app.transact(grant.actor(), async |tx| service::decline(tx, &grant, *id, seen, reason).await).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}
