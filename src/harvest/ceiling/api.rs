//! Ceilings and flags over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{DecideFlag, ReadPublic, SetCeiling};
use crate::app::App;
use crate::harvest::delivery;
use crate::harvest::error::HarvestError;
use crate::http::{Body, IfMatch, IfMatchHeader, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::DeliveryId;

/// Registers every operation on ceilings.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(set_yield_ceiling).service(list_yield_ceilings).service(decide_delivery_flag);
}

/// Set what a square metre can yield in a year at the most (亩产上限).
#[utoipa::path(
    tag = "harvest",
    request_body = view::NewCeiling,
    responses((status = 201, description = "Set", body = view::YieldCeiling))
)]
#[post("/yield-ceilings")]
async fn set_yield_ceiling(
    grant: Grant<SetCeiling>,
    app: web::Data<App>,
    wanted: Body<view::NewCeiling>,
) -> Result<HttpResponse, Failure> {
    let set = app.transact(grant.actor(), async |tx| service::set(tx, &grant, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(set))
}

/// List the ceilings, with their sources.
#[utoipa::path(
    tags = ["harvest", "public"],
    responses((status = 200, description = "Every ceiling, by category", body = view::YieldCeilings))
)]
#[get("/yield-ceilings")]
async fn list_yield_ceilings(_grant: Grant<ReadPublic>, app: web::Data<App>) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader()).await?))
}

/// Decide about a delivery that is more than the household's land can yield (核实超产预警).
#[utoipa::path(
    tag = "harvest",
    params(("id" = DeliveryId, Path, description = "The delivery"), IfMatchHeader),
    request_body = view::DecideFlag,
    responses((status = 200, description = "Decided", body = delivery::view::Delivery))
)]
#[post("/deliveries/{id}/flag-decision")]
async fn decide_delivery_flag(
    grant: Grant<DecideFlag>,
    app: web::Data<App>,
    id: web::Path<DeliveryId>,
    seen: IfMatch,
    wanted: Body<view::DecideFlag>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let shown = app
        .transact(grant.actor(), async |tx| -> Result<_, HarvestError> {
            service::decide(tx, &grant, id, seen, &wanted.0).await?;
            delivery::show(tx, grant.scope(), id).await
        })
        .await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}
