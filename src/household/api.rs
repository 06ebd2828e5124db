//! The register over HTTP.

use super::error::HouseholdError;
use super::{history, service, view};
use crate::access::Grant;
use crate::access::policy::{RegisterHousehold, ViewHousehold};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::{HouseholdId, business_date};

/// Registers every operation of this domain.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(register_household)
        .service(list_households)
        .service(get_household)
        .service(add_household_status)
        .configure(super::helper::routes)
        .configure(history::routes)
        .configure(super::land::routes);
}

/// Register a household with its members (登记农户).
#[utoipa::path(
    tag = "households",
    request_body = view::NewHousehold,
    responses((status = 201, description = "Registered; personal data is shown masked", body = view::Household))
)]
#[post("/households")]
async fn register_household(
    grant: Grant<RegisterHousehold>,
    app: web::Data<App>,
    wanted: Body<view::NewHousehold>,
) -> Result<HttpResponse, Failure> {
    let secrets = &app.secrets;
    let household = app
        .transact(grant.actor(), async |tx| -> Result<_, HouseholdError> {
            let id = service::register(tx, secrets, &grant, &wanted.0).await?;
            let today = business_date(tx.now());
            history::show(tx, secrets, grant.scope(), id, (today, today)).await
        })
        .await?;
    Ok(tagged(StatusCode::CREATED, household.summary.version, &household))
}

/// List households, masked, newest first, as they are or were on a day.
#[utoipa::path(
    tag = "households",
    params(view::HouseholdQuery),
    responses((status = 200, description = "A page of households", body = Page<view::HouseholdSummary>))
)]
#[get("/households")]
async fn list_households(
    grant: Grant<ViewHousehold>,
    app: web::Data<App>,
    query: Query<view::HouseholdQuery>,
) -> Result<HttpResponse, Failure> {
    let page = service::list(app.reader(), grant.scope(), &query.0, business_date(app.clock.now())).await?;
    Ok(HttpResponse::Ok().json(page))
}

/// Show a household with its members, its land and its statuses as they were on a day, masked.
#[utoipa::path(
    tag = "households",
    params(("id" = HouseholdId, Path, description = "The household"), view::AsOf),
    responses((status = 200, description = "The household", body = view::Household))
)]
#[get("/households/{id}")]
async fn get_household(
    grant: Grant<ViewHousehold>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
    query: Query<view::AsOf>,
) -> Result<HttpResponse, Failure> {
    let today = business_date(app.clock.now());
    let days = (query.0.as_of.unwrap_or(today), today);
    let household = history::show(app.reader(), &app.secrets, grant.scope(), id.into_inner(), days).await?;
    Ok(tagged(StatusCode::OK, household.summary.version, &household))
}

/// Write down a status that a household had before it was entered here (补录户类型历史). Later ones need a case.
#[utoipa::path(
    tag = "households",
    params(("id" = HouseholdId, Path, description = "The household"), IfMatchHeader),
    request_body = view::NewHouseholdStatus,
    responses((status = 201, description = "The household with its history", body = view::Household))
)]
#[post("/households/{id}/statuses")]
async fn add_household_status(
    grant: Grant<RegisterHousehold>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
    version: IfMatch,
    wanted: Body<view::NewHouseholdStatus>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let household = app
        .transact(grant.actor(), async |tx| -> Result<_, HouseholdError> {
            service::add_status(tx, &grant, id, version, &wanted.0).await?;
            let today = business_date(tx.now());
            history::show(tx, &app.secrets, grant.scope(), id, (today, today)).await
        })
        .await?;
    Ok(tagged(StatusCode::CREATED, household.summary.version, &household))
}
