//! Deliveries over HTTP.

use super::view::Sent;
use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{KeepHarvest, ViewHarvest};
use crate::app::App;
use crate::harvest::error::HarvestError;
use crate::http::{IdempotencyHeader, Once, Page, Query};
use crate::problem::{Failure, Problem};
use actix_web::{HttpResponse, get, post, web};

/// Registers every operation on deliveries.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(record_deliveries).service(list_deliveries);
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
