//! Gaps over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::ViewHelpGaps;
use crate::app::App;
use crate::household::view::HouseholdBrief;
use crate::http::{Page, Query};
use crate::problem::Failure;
use actix_web::{HttpResponse, get, web};
use entity::value::business_date;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operation.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_help_gaps);
}

/// List households in reach without helper, without plan, or without visit in a year, masked (帮扶缺口).
///
/// Only households that are out of poverty or monitored; ordinary ones need no helper.
#[utoipa::path(tag = "assistance", params(view::GapQuery), responses(
    (status = 200, description = "A page of households", body = Page<HouseholdBrief>),
))]
#[get("/help-gaps")]
async fn list_help_gaps(
    grant: Grant<ViewHelpGaps>,
    app: web::Data<App>,
    wanted: Query<view::GapQuery>,
) -> Result<HttpResponse, Failure> {
    let today = business_date(app.clock.now());
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &wanted.0, today).await?))
}
