//! Advanced costs over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{KeepAgreement, ViewAgreement};
use crate::app::App;
use crate::attribution::error::AgreementError;
use crate::http::{IdempotencyHeader, Once};
use crate::problem::Failure;
use actix_web::{HttpResponse, get, post, web};
use entity::value::AgreementId;

/// Registers every operation on advanced costs.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(declare_cost).service(get_costs);
}

/// Record what was advanced to a household: seed, fertiliser, feed (登记垫付成本).
///
/// It is repaid from the household's produce, at most the agreed part of each order.
#[utoipa::path(
    tag = "agreements",
    params(("id" = AgreementId, Path, description = "An agreement on produce"), IdempotencyHeader),
    request_body = view::DeclareCost,
    responses((status = 201, description = "Recorded", body = view::Costs))
)]
#[post("/agreements/{id}/costs")]
async fn declare_cost(
    grant: Grant<KeepAgreement>,
    app: web::Data<App>,
    id: web::Path<AgreementId>,
    wanted: Once<view::DeclareCost>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| -> Result<_, AgreementError> {
            service::declare(tx, &grant, id, &wanted.body).await?;
            service::show(tx, grant.scope(), id).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Show what was advanced under an agreement, what orders repay of it and what is open.
#[utoipa::path(
    tag = "agreements",
    params(("id" = AgreementId, Path, description = "The agreement")),
    responses((status = 200, description = "The costs", body = view::Costs))
)]
#[get("/agreements/{id}/costs")]
async fn get_costs(
    grant: Grant<ViewAgreement>,
    app: web::Data<App>,
    id: web::Path<AgreementId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::show(app.reader(), grant.scope(), id.into_inner()).await?))
}
