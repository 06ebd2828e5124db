//! Deliveries over HTTP.

use super::view::Sent;
use super::{correct, receipt, service, view};
use crate::access::Grant;
use crate::access::policy::{KeepHarvest, ViewHarvest};
use crate::app::App;
use crate::harvest::error::HarvestError;
use crate::http::{IdempotencyHeader, IfMatch, IfMatchHeader, Once, Page, Query, tagged};
use crate::organisation;
use crate::problem::{Failure, Problem};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, get, post, web};
use entity::value::DeliveryId;

/// Registers every operation on deliveries.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(record_deliveries)
        .service(list_deliveries)
        .service(get_delivery)
        .service(print_delivery_receipt)
        .service(correct_delivery);
}

/// Record what households delivered: one delivery, or up to 500 at once, all or none (记录交售).
#[utoipa::path(
    tag = "harvest",
    params(IdempotencyHeader),
    request_body = view::DeliveriesToRecord,
    responses((status = 201, description = "Recorded, in the form it was sent", body = view::RecordedDeliveries))
)]
#[post("/deliveries")]
async fn record_deliveries(
    grant: Grant<KeepHarvest>,
    app: web::Data<App>,
    wanted: Once<view::DeliveriesBody>,
) -> Result<HttpResponse, Failure> {
    let sent = wanted.body.read().map_err(|pointer| {
        Problem::invalid(
            pointer,
            "请提交一笔完整的交售，或只在 deliveries 中提交多笔。",
            "Send one whole delivery, or several under deliveries alone.",
        )
    })?;
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| -> Result<_, HarvestError> {
            Ok(match &sent {
                Sent::One(new) => view::RecordedDeliveries::One(Box::new(service::record_one(tx, &grant, new).await?)),
                Sent::Many(new) => view::RecordedDeliveries::Many { items: service::record(tx, &grant, new).await? },
            })
        })
        .await?;
    Ok(answer.into_response())
}

/// List deliveries, newest first.
#[utoipa::path(
    tag = "harvest",
    params(view::DeliveryQuery),
    responses((status = 200, description = "A page of deliveries", body = Page<view::Delivery>))
)]
#[get("/deliveries")]
async fn list_deliveries(
    grant: Grant<ViewHarvest>,
    app: web::Data<App>,
    query: Query<view::DeliveryQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), grant.scope(), &query.0).await?))
}

/// Show a delivery.
#[utoipa::path(
    tag = "harvest",
    params(("id" = DeliveryId, Path, description = "The delivery")),
    responses((status = 200, description = "The delivery", body = view::Delivery))
)]
#[get("/deliveries/{id}")]
async fn get_delivery(
    grant: Grant<ViewHarvest>,
    app: web::Data<App>,
    id: web::Path<DeliveryId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), grant.scope(), id.into_inner()).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// Print the receipt of a delivery, for the household to take home (收购凭据).
#[utoipa::path(
    tag = "harvest",
    params(("id" = DeliveryId, Path, description = "The delivery")),
    responses((status = 200, description = "A page to be printed", content_type = "text/html", body = String))
)]
#[get("/deliveries/{id}/receipt")]
async fn print_delivery_receipt(
    grant: Grant<ViewHarvest>,
    app: web::Data<App>,
    id: web::Path<DeliveryId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), grant.scope(), id.into_inner()).await?;
    let supplier = organisation::find(app.reader(), shown.supplier_id).await?;
    let page = receipt::page(&shown, supplier.as_ref().map_or("", |supplier| &supplier.name)).map_err(|error| {
        tracing::error!(%error, "a receipt cannot be written");
        Problem::internal()
    })?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"))
        .body(page))
}

/// Correct a delivery: it is taken back, and what is right is recorded in its place (更正).
#[utoipa::path(
    tag = "harvest",
    params(("id" = DeliveryId, Path, description = "The delivery"), IdempotencyHeader, IfMatchHeader),
    request_body = view::CorrectDelivery,
    responses((status = 201, description = "Both, as they now are", body = view::Correction))
)]
#[post("/deliveries/{id}/corrections")]
async fn correct_delivery(
    grant: Grant<KeepHarvest>,
    app: web::Data<App>,
    id: web::Path<DeliveryId>,
    seen: IfMatch,
    wanted: Once<view::CorrectDelivery>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| {
            correct::correct(tx, &grant, id, seen, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}
