//! Land over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{RegisterHousehold, ViewHousehold};
use crate::app::App;
use crate::http::Body;
use crate::problem::Failure;
use actix_web::{HttpResponse, get, post, web};
use entity::value::HouseholdId;

/// Registers the operations.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(register_land).service(get_land);
}

/// Register land of a household: all it has of a kind from a day on (登记承包地).
#[utoipa::path(
    tag = "households",
    params(("id" = HouseholdId, Path, description = "The household")),
    request_body = view::NewLand,
    responses((status = 201, description = "Registered", body = view::Land))
)]
#[post("/households/{id}/land")]
async fn register_land(
    grant: Grant<RegisterHousehold>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
    wanted: Body<view::NewLand>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let land = app.transact(grant.actor(), async |tx| service::register(tx, &grant, id, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(land))
}

/// Show what was entered about a household's land.
#[utoipa::path(
    tag = "households",
    params(("id" = HouseholdId, Path, description = "The household")),
    responses((status = 200, description = "The entries, oldest first", body = view::LandRecord))
)]
#[get("/households/{id}/land")]
async fn get_land(
    grant: Grant<ViewHousehold>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::record(app.reader(), &grant, id.into_inner()).await?))
}
