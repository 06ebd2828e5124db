//! Recalls over HTTP. What a recall reached is told by `trace`, which knows orders.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::RecallLot;
use crate::app::App;
use crate::http::Body;
use crate::problem::Failure;
use actix_web::{HttpResponse, post, web};
use entity::value::LotId;

/// Registers every operation on recalls.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(recall_lot);
}

/// Call a lot back, with every lot that was made of it (召回).
#[utoipa::path(
    tag = "harvest",
    params(("id" = LotId, Path, description = "The lot")),
    request_body = view::RecallLot,
    responses((status = 201, description = "Called back", body = view::RecallDone))
)]
#[post("/lots/{id}/recall")]
async fn recall_lot(
    grant: Grant<RecallLot>,
    app: web::Data<App>,
    id: web::Path<LotId>,
    wanted: Body<view::RecallLot>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let done = app.transact(grant.actor(), async |tx| service::recall(tx, &grant, id, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(done))
}
