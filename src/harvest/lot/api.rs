//! Lots over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{KeepHarvest, ViewHarvest};
use crate::app::App;
use crate::harvest::error::HarvestError;
use crate::http::{IdempotencyHeader, Once, Page, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::LotId;

/// Registers every operation on lots.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(pack_lot).service(list_lots).service(get_lot);
}

/// Pack a lot out of deliveries (装批).
#[utoipa::path(
    tag = "harvest",
    params(IdempotencyHeader),
    request_body = view::NewLot,
    responses((status = 201, description = "Packed", body = view::Lot))
)]
#[post("/lots")]
async fn pack_lot(
    grant: Grant<KeepHarvest>,
    app: web::Data<App>,
    wanted: Once<view::NewLot>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| -> Result<_, HarvestError> {
            let id = service::pack(tx, &grant, &wanted.body).await?;
            service::show(tx, grant.scope(), id).await
        })
        .await?;
    Ok(answer.into_response())
}

/// List lots, newest first.
#[utoipa::path(
    tag = "harvest",
    params(view::LotQuery),
    responses((status = 200, description = "A page of lots", body = Page<view::LotSummary>))
)]
#[get("/lots")]
async fn list_lots(
    grant: Grant<ViewHarvest>,
    app: web::Data<App>,
    query: Query<view::LotQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), grant.scope(), &query.0).await?))
}

/// Show a lot with the deliveries it is made of (批次溯源).
#[utoipa::path(
    tag = "harvest",
    params(("id" = LotId, Path, description = "The lot")),
    responses((status = 200, description = "The lot", body = view::Lot))
)]
#[get("/lots/{id}")]
async fn get_lot(
    grant: Grant<ViewHarvest>,
    app: web::Data<App>,
    id: web::Path<LotId>,
) -> Result<HttpResponse, Failure> {
    let lot = service::show(app.reader(), grant.scope(), id.into_inner()).await?;
    Ok(tagged(StatusCode::OK, lot.summary.version, &lot))
}
