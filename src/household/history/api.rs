//! The history over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{RegisterHousehold, ViewHousehold};
use crate::app::App;
use crate::household::error::HouseholdError;
use crate::household::view::Household;
use crate::http::{Body, IfMatch, IfMatchHeader, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::{HouseholdId, business_date};

/// Registers the operations.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(record_household_survey).service(get_household_history);
}

/// Record what a visit or a sheet says of a household and its people, from a day on (走访排查登记).
#[utoipa::path(
    tag = "households",
    params(("id" = HouseholdId, Path, description = "The household"), IfMatchHeader),
    request_body = view::RecordSurvey,
    responses((status = 201, description = "Entered; the household as it is today", body = Household))
)]
#[post("/households/{id}/surveys")]
async fn record_household_survey(
    grant: Grant<RegisterHousehold>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
    version: IfMatch,
    wanted: Body<view::RecordSurvey>,
) -> Result<HttpResponse, Failure> {
    let (id, secrets) = (id.into_inner(), &app.secrets);
    let household = app
        .transact(grant.actor(), async |tx| -> Result<_, HouseholdError> {
            service::survey(tx, secrets, &grant, (id, version), &wanted.0).await?;
            let today = business_date(tx.now());
            service::show(tx, secrets, grant.scope(), id, (today, today)).await
        })
        .await?;
    Ok(tagged(StatusCode::CREATED, household.summary.version, &household))
}

/// Show every change of a household and of its people, each with its first day, its source and who entered it.
#[utoipa::path(
    tag = "households",
    params(("id" = HouseholdId, Path, description = "The household")),
    responses((status = 200, description = "The changes, oldest first", body = view::HouseholdHistory))
)]
#[get("/households/{id}/history")]
async fn get_household_history(
    grant: Grant<ViewHousehold>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::history(app.reader(), grant.scope(), id.into_inner()).await?))
}
