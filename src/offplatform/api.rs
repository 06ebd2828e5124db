//! Sales outside the platform over HTTP.

use super::{decide, service, view};
use crate::access::Grant;
use crate::access::policy::{
    ConfirmOffPlatformSale, RecordOffPlatformSale, ReverseOffPlatformSale, ViewOffPlatformSale,
};
use crate::app::App;
use crate::http::{IdempotencyHeader, IfMatch, IfMatchHeader, Once, Page, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::OffPlatformSaleId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(record_off_platform_sale).service(list_off_platform_sales).service(get_off_platform_sale);
    cfg.service(confirm_off_platform_sale).service(refuse_off_platform_sale);
    cfg.service(withdraw_off_platform_sale).service(reverse_off_platform_sale);
}

/// Record a sale outside the platform with its evidence (登记平台外销售).
///
/// Its shares are computed at once, by the plan in force and over the agreements of the day of the sale; they become
/// income when the county, or a helper of a household that shares, confirms it. It is marked everywhere as a sale that
/// the platform did not handle, and counts for no quota and in no pairing.
#[utoipa::path(
    tag = "payouts",
    params(IdempotencyHeader),
    request_body = view::RecordSale,
    responses((status = 201, description = "Recorded; it waits to be confirmed", body = view::OffPlatformSaleWithShares))
)]
#[post("/off-platform-sales")]
async fn record_off_platform_sale(
    grant: Grant<RecordOffPlatformSale>,
    app: web::Data<App>,
    wanted: Once<view::RecordSale>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| service::record(tx, &grant, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}

/// List sales outside the platform, newest first.
#[utoipa::path(
    tag = "payouts",
    params(view::OffPlatformQuery),
    responses((status = 200, description = "A page of sales", body = Page<view::OffPlatformSale>))
)]
#[get("/off-platform-sales")]
async fn list_off_platform_sales(
    grant: Grant<ViewOffPlatformSale>,
    app: web::Data<App>,
    query: Query<view::OffPlatformQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &query.0).await?))
}

/// Show a sale outside the platform with its lots, its shares and what was decided about it.
#[utoipa::path(
    tag = "payouts",
    params(("id" = OffPlatformSaleId, Path, description = "The sale")),
    responses((status = 200, description = "The sale", body = view::OffPlatformSaleWithShares))
)]
#[get("/off-platform-sales/{id}")]
async fn get_off_platform_sale(
    grant: Grant<ViewOffPlatformSale>,
    app: web::Data<App>,
    id: web::Path<OffPlatformSaleId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), &grant, id.into_inner()).await?;
    Ok(tagged(StatusCode::OK, shown.sale.version, &shown))
}

/// Confirm a sale outside the platform: its shares become income of households (核实).
///
/// By the county of a household that shares, or by a helper of one; never by whoever recorded it.
#[utoipa::path(
    tag = "payouts",
    params(("id" = OffPlatformSaleId, Path, description = "The sale"), IdempotencyHeader, IfMatchHeader),
    request_body = view::ConfirmSale,
    responses((status = 200, description = "Confirmed and shared", body = view::OffPlatformSaleWithShares))
)]
#[post("/off-platform-sales/{id}/confirm")]
async fn confirm_off_platform_sale(
    grant: Grant<ConfirmOffPlatformSale>,
    app: web::Data<App>,
    id: web::Path<OffPlatformSaleId>,
    version: IfMatch,
    wanted: Once<view::ConfirmSale>,
) -> Result<HttpResponse, Failure> {
    let at = (id.into_inner(), version);
    let answer =
        app.transact_once(grant.actor(), &wanted.key, 200, async |tx| decide::confirm(tx, &grant, at).await).await?;
    Ok(answer.into_response())
}

/// Refuse a sale outside the platform that is not so; its produce goes back to its lots (驳回).
#[utoipa::path(
    tag = "payouts",
    params(("id" = OffPlatformSaleId, Path, description = "The sale"), IdempotencyHeader, IfMatchHeader),
    request_body = view::SaleReason,
    responses((status = 200, description = "Refused", body = view::OffPlatformSaleWithShares))
)]
#[post("/off-platform-sales/{id}/refuse")]
async fn refuse_off_platform_sale(
    grant: Grant<ConfirmOffPlatformSale>,
    app: web::Data<App>,
    id: web::Path<OffPlatformSaleId>,
    version: IfMatch,
    wanted: Once<view::SaleReason>,
) -> Result<HttpResponse, Failure> {
    let at = (id.into_inner(), version);
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| decide::refuse(tx, &grant, at, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}

/// Withdraw a sale outside the platform that nobody decided about yet; its produce goes back to its lots (撤回).
#[utoipa::path(
    tag = "payouts",
    params(("id" = OffPlatformSaleId, Path, description = "The sale"), IdempotencyHeader, IfMatchHeader),
    request_body = view::SaleReason,
    responses((status = 200, description = "Withdrawn", body = view::OffPlatformSaleWithShares))
)]
#[post("/off-platform-sales/{id}/withdraw")]
async fn withdraw_off_platform_sale(
    grant: Grant<RecordOffPlatformSale>,
    app: web::Data<App>,
    id: web::Path<OffPlatformSaleId>,
    version: IfMatch,
    wanted: Once<view::SaleReason>,
) -> Result<HttpResponse, Failure> {
    let at = (id.into_inner(), version);
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| decide::withdraw(tx, &grant, at, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}

/// Reverse a confirmed sale outside the platform that turned out not to be so (冲销).
///
/// What households have in hand stays with them and is the cooperative's to bear; the rest is no longer owed.
#[utoipa::path(
    tag = "payouts",
    params(("id" = OffPlatformSaleId, Path, description = "The sale"), IdempotencyHeader, IfMatchHeader),
    request_body = view::SaleReason,
    responses((status = 200, description = "Reversed", body = view::OffPlatformSaleWithShares))
)]
#[post("/off-platform-sales/{id}/reverse")]
async fn reverse_off_platform_sale(
    grant: Grant<ReverseOffPlatformSale>,
    app: web::Data<App>,
    id: web::Path<OffPlatformSaleId>,
    version: IfMatch,
    wanted: Once<view::SaleReason>,
) -> Result<HttpResponse, Failure> {
    let at = (id.into_inner(), version);
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| decide::reverse(tx, &grant, at, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}
