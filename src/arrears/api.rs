//! What is owed, over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::ViewOrder;
use crate::app::App;
use crate::http::{Page, Query};
use crate::problem::Failure;
use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use entity::value::{SupplierOrderId, business_date};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_arrears).service(get_ageing).service(get_order_arrears);
}

fn today(app: &App) -> (u32, NaiveDate) {
    (app.config.late_interest.late_interest_ppm, business_date(app.clock.now()))
}

/// List orders with accepted goods that are not paid yet, in reach as either side or above the buyer (欠款清单).
#[utoipa::path(tag = "payments", params(view::ArrearFilter),
    responses((status = 200, description = "A page of what is owed", body = Page<view::Arrear>)))]
#[get("/order-arrears")]
async fn list_arrears(
    grant: Grant<ViewOrder>,
    app: web::Data<App>,
    wanted: Query<view::ArrearFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, wanted.0, today(&app)).await?))
}

/// Show what is owed by how long it is late, by buyer or by supplier (账龄表).
#[utoipa::path(tag = "payments", params(view::AgeingFilter),
    responses((status = 200, description = "The ageing list of today", body = view::Ageing)))]
#[get("/order-arrears-ageing")]
async fn get_ageing(
    grant: Grant<ViewOrder>,
    app: web::Data<App>,
    wanted: Query<view::AgeingFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::ageing(app.reader(), &grant, wanted.0.by, today(&app)).await?))
}

/// Show what of a supplier order is owed, acceptance by acceptance, with its interest.
#[utoipa::path(tag = "payments", params(("id" = SupplierOrderId, Path, description = "The supplier order")),
    responses((status = 200, description = "What is owed", body = view::Arrear)))]
#[get("/supplier-orders/{id}/arrears")]
async fn get_order_arrears(
    grant: Grant<ViewOrder>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::show(app.reader(), &grant, *id, today(&app)).await?))
}
