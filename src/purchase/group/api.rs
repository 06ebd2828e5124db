//! Group purchases over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{JoinGroup, OfferGroup, ViewGroup};
use crate::app::App;
use crate::http::{Body, IdempotencyHeader, IfMatch, IfMatchHeader, Once, Page, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::GroupPurchaseId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(offer_group_purchase)
        .service(list_group_purchases)
        .service(get_group_purchase)
        .service(join_group_purchase)
        .service(leave_group_purchase)
        .service(cancel_group_purchase);
}

/// Offer a product that costs less the more units buy it together (发起团购).
#[utoipa::path(tag = "group purchases", request_body = view::OfferGroup,
    responses((status = 201, description = "It is open", body = view::GroupPurchase)))]
#[post("/group-purchases")]
async fn offer_group_purchase(
    grant: Grant<OfferGroup>,
    app: web::Data<App>,
    wanted: Body<view::OfferGroup>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::offer(tx, &grant, &wanted.0).await).await?;
    Ok(tagged(StatusCode::CREATED, made.version, &made))
}

/// List group purchases: your own as a supplier, all as a buyer; newest first.
#[utoipa::path(tag = "group purchases", params(view::GroupFilter),
    responses((status = 200, description = "A page of group purchases", body = Page<view::GroupPurchase>)))]
#[get("/group-purchases")]
async fn list_group_purchases(
    grant: Grant<ViewGroup>,
    app: web::Data<App>,
    wanted: Query<view::GroupFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, wanted.0).await?))
}

/// Show a group purchase with what is joined so far and your own part.
#[utoipa::path(tag = "group purchases", params(("id" = GroupPurchaseId, Path, description = "The group purchase")),
    responses((status = 200, description = "The group purchase", body = view::GroupPurchase)))]
#[get("/group-purchases/{id}")]
async fn get_group_purchase(
    grant: Grant<ViewGroup>,
    app: web::Data<App>,
    id: web::Path<GroupPurchaseId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), &grant, *id).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// Join a group purchase: packs are held in store, and the highest price is kept of the budget (参团).
#[utoipa::path(tag = "group purchases", request_body = view::JoinGroupPurchase,
    params(("id" = GroupPurchaseId, Path, description = "The group purchase"), IdempotencyHeader),
    responses((status = 200, description = "The group purchase, with your part", body = view::GroupPurchase)))]
#[post("/group-purchases/{id}/join")]
async fn join_group_purchase(
    grant: Grant<JoinGroup>,
    app: web::Data<App>,
    id: web::Path<GroupPurchaseId>,
    wanted: Once<view::JoinGroupPurchase>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| service::join(tx, &grant, *id, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}

/// Leave a group purchase before it closes: what was held is given back (退团).
#[utoipa::path(tag = "group purchases", request_body = view::LeaveGroup,
    params(("id" = GroupPurchaseId, Path, description = "The group purchase"), IdempotencyHeader),
    responses((status = 200, description = "The group purchase, without your part", body = view::GroupPurchase)))]
#[post("/group-purchases/{id}/leave")]
async fn leave_group_purchase(
    grant: Grant<JoinGroup>,
    app: web::Data<App>,
    id: web::Path<GroupPurchaseId>,
    wanted: Once<view::LeaveGroup>,
) -> Result<HttpResponse, Failure> {
    let reason = wanted.body.reason.as_ref().map(crate::http::Words::as_str);
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| service::leave(tx, &grant, *id, reason).await)
        .await?;
    Ok(answer.into_response())
}

/// Call a group purchase off as its supplier: everybody is released.
#[utoipa::path(tag = "group purchases", request_body = view::CancelGroup,
    params(("id" = GroupPurchaseId, Path, description = "The group purchase"), IfMatchHeader),
    responses((status = 200, description = "The group purchase, cancelled", body = view::GroupPurchase)))]
#[post("/group-purchases/{id}/cancel")]
async fn cancel_group_purchase(
    grant: Grant<OfferGroup>,
    app: web::Data<App>,
    id: web::Path<GroupPurchaseId>,
    seen: IfMatch,
    wanted: Body<view::CancelGroup>,
) -> Result<HttpResponse, Failure> {
    let reason = wanted.0.reason.as_str();
    let shown = app.transact(grant.actor(), async |tx| service::cancel(tx, &grant, *id, seen, reason).await).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}
