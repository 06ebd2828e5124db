//! Sales outside the platform over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{RecordOffPlatformSale, ViewOffPlatformSale};
use crate::app::App;
use crate::http::{IdempotencyHeader, Once, Page, PageQuery, Query};
use crate::problem::Failure;
use actix_web::{HttpResponse, get, post, web};
use entity::value::OffPlatformSaleId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(record_off_platform_sale).service(list_off_platform_sales).service(get_off_platform_sale);
}

/// Record a sale outside the platform with its evidence, and share its money out (登记平台外销售).
///
/// It is shared by the plan in force, over the agreements of the day of the sale, and marked everywhere as a sale that
/// the platform did not handle. It counts for no quota and in no pairing.
#[utoipa::path(
    tag = "payouts",
    params(IdempotencyHeader),
    request_body = view::RecordSale,
    responses((status = 201, description = "Recorded and shared", body = view::OffPlatformSaleWithShares))
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
    params(PageQuery),
    responses((status = 200, description = "A page of sales", body = Page<view::OffPlatformSale>))
)]
#[get("/off-platform-sales")]
async fn list_off_platform_sales(
    grant: Grant<ViewOffPlatformSale>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &page.0).await?))
}

/// Show a sale outside the platform with its lots and shares.
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
    Ok(HttpResponse::Ok().json(service::show(app.reader(), &grant, id.into_inner()).await?))
}
