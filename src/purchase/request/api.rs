//! Requests over HTTP.

use super::{decide, service, view};
use crate::access::Grant;
use crate::access::policy::{DecideRequest, PlaceOrder, ViewOrder, ViewRequest};
use crate::app::App;
use crate::http::{Body, IdempotencyHeader, IfMatch, IfMatchHeader, Once, Page, Query, tagged};
use crate::problem::Failure;
use crate::procurement::Buyer;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::{OrderGroupId, PurchaseRequestId, PurchaseWay};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(ask_to_buy)
        .service(list_requests)
        .service(get_request)
        .service(approve_request)
        .service(return_request)
        .service(delegate_request)
        .service(withdraw_request)
        .service(ask_again)
        .service(get_order_approval);
}

fn answer(shown: &view::PurchaseRequest) -> HttpResponse {
    tagged(StatusCode::OK, shown.version, shown)
}

/// Ask to buy: an order at once where nobody has to agree, after the last approval where somebody has (采购申请).
#[utoipa::path(tag = "purchases", request_body = view::AskToBuy, params(IdempotencyHeader),
    responses((status = 201, description = "The request: placed, or waiting", body = view::PurchaseRequest)))]
#[post("/purchase-requests")]
async fn ask_to_buy(
    grant: Grant<PlaceOrder>,
    app: web::Data<App>,
    wanted: Once<view::AskToBuy>,
) -> Result<HttpResponse, Failure> {
    let note = wanted.body.note.as_ref().map(|note| note.as_str().to_owned());
    let order = wanted.body.order.clone();
    let wish = service::Wish { way: PurchaseWay::Direct, order, agreed: Vec::new(), note };
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| {
            service::ask(tx, &Buyer::of(&grant).map_err(crate::purchase::PurchaseError::from)?, &wish).await
        })
        .await?;
    Ok(answer.into_response())
}

/// List requests, newest first; those that wait for you with `to_decide`.
#[utoipa::path(tag = "purchases", params(view::RequestFilter),
    responses((status = 200, description = "A page of requests", body = Page<view::PurchaseRequest>)))]
#[get("/purchase-requests")]
async fn list_requests(
    grant: Grant<ViewRequest>,
    app: web::Data<App>,
    wanted: Query<view::RequestFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, wanted.0, app.clock.now()).await?))
}

/// Show a request with its steps and everything that happened to it.
#[utoipa::path(tag = "purchases", params(("id" = PurchaseRequestId, Path, description = "The request")),
    responses((status = 200, description = "The request", body = view::RequestDetail)))]
#[get("/purchase-requests/{id}")]
async fn get_request(
    grant: Grant<ViewRequest>,
    app: web::Data<App>,
    id: web::Path<PurchaseRequestId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), &grant, *id).await?;
    Ok(tagged(StatusCode::OK, shown.request.version, &shown))
}

/// Agree to the step that waits; with the last one the order is placed (同意).
#[utoipa::path(tag = "purchases", request_body = view::ApproveRequest,
    params(("id" = PurchaseRequestId, Path, description = "The request"), IdempotencyHeader, IfMatchHeader),
    responses((status = 200, description = "The request: at its next step, or placed", body = view::PurchaseRequest)))]
#[post("/purchase-requests/{id}/approve")]
async fn approve_request(
    grant: Grant<DecideRequest>,
    app: web::Data<App>,
    id: web::Path<PurchaseRequestId>,
    seen: IfMatch,
    wanted: Once<view::ApproveRequest>,
) -> Result<HttpResponse, Failure> {
    let opinion = wanted.body.opinion.as_ref().map(crate::http::Words::as_str);
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| {
            decide::approve(tx, &grant, *id, seen, opinion).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Send a request back to whoever asked, with a reason (退回).
#[utoipa::path(tag = "purchases", request_body = view::RequestReason,
    params(("id" = PurchaseRequestId, Path, description = "The request"), IfMatchHeader),
    responses((status = 200, description = "The request, returned", body = view::PurchaseRequest)))]
#[post("/purchase-requests/{id}/return")]
async fn return_request(
    grant: Grant<DecideRequest>,
    app: web::Data<App>,
    id: web::Path<PurchaseRequestId>,
    seen: IfMatch,
    wanted: Body<view::RequestReason>,
) -> Result<HttpResponse, Failure> {
    let reason = wanted.0.reason.as_str();
    let shown = app.transact(grant.actor(), async |tx| decide::send_back(tx, &grant, *id, seen, reason).await).await?;
    Ok(answer(&shown))
}

/// Hand the step that waits to a colleague (转办).
#[utoipa::path(tag = "purchases", request_body = view::DelegateStep,
    params(("id" = PurchaseRequestId, Path, description = "The request"), IfMatchHeader),
    responses((status = 200, description = "The request, waiting for the colleague", body = view::PurchaseRequest)))]
#[post("/purchase-requests/{id}/delegate")]
async fn delegate_request(
    grant: Grant<DecideRequest>,
    app: web::Data<App>,
    id: web::Path<PurchaseRequestId>,
    seen: IfMatch,
    wanted: Body<view::DelegateStep>,
) -> Result<HttpResponse, Failure> {
    let shown =
        app.transact(grant.actor(), async |tx| decide::delegate(tx, &grant, *id, seen, &wanted.0).await).await?;
    Ok(answer(&shown))
}

/// Take a request of your organisation back before it is an order (撤回).
#[utoipa::path(tag = "purchases", request_body = view::RequestReason,
    params(("id" = PurchaseRequestId, Path, description = "The request"), IfMatchHeader),
    responses((status = 200, description = "The request, withdrawn", body = view::PurchaseRequest)))]
#[post("/purchase-requests/{id}/withdraw")]
async fn withdraw_request(
    grant: Grant<PlaceOrder>,
    app: web::Data<App>,
    id: web::Path<PurchaseRequestId>,
    seen: IfMatch,
    wanted: Body<view::RequestReason>,
) -> Result<HttpResponse, Failure> {
    let reason = wanted.0.reason.as_str();
    let shown = app.transact(grant.actor(), async |tx| service::withdraw(tx, &grant, *id, seen, reason).await).await?;
    Ok(answer(&shown))
}

/// Ask again for what was sent back, as it was or otherwise (重新提交).
#[utoipa::path(tag = "purchases", request_body = view::AskAgain,
    params(("id" = PurchaseRequestId, Path, description = "The request"), IdempotencyHeader, IfMatchHeader),
    responses((status = 200, description = "The request: placed, or waiting", body = view::PurchaseRequest)))]
#[post("/purchase-requests/{id}/resubmit")]
async fn ask_again(
    grant: Grant<PlaceOrder>,
    app: web::Data<App>,
    id: web::Path<PurchaseRequestId>,
    seen: IfMatch,
    wanted: Once<view::AskAgain>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| {
            service::ask_again(tx, &grant, *id, seen, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Show who agreed to an order, and everything that happened before it was placed (审批记录).
#[utoipa::path(tag = "orders", params(("id" = OrderGroupId, Path, description = "The order")),
    responses((status = 200, description = "Its approval", body = view::OrderApproval)))]
#[get("/orders/{id}/approval")]
async fn get_order_approval(
    grant: Grant<ViewOrder>,
    app: web::Data<App>,
    id: web::Path<OrderGroupId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::of_order(app.reader(), &grant, *id).await?))
}
