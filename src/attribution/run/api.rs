//! Shares over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::ViewShares;
use crate::app::App;
use crate::problem::Failure;
use actix_web::{HttpResponse, get, web};
use entity::value::SupplierOrderId;

/// Registers every operation on shares.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(get_order_shares);
}

/// Show how an order's income was shared, down to each household's agreement (收益分配明细).
#[utoipa::path(
    tag = "shares",
    params(("id" = SupplierOrderId, Path, description = "The supplier order")),
    responses((status = 200, description = "What was promised and what accrued", body = view::OrderShares))
)]
#[get("/supplier-orders/{id}/shares")]
async fn get_order_shares(
    grant: Grant<ViewShares>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::show(app.reader(), grant.scope(), id.into_inner()).await?))
}
