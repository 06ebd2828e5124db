//! Periods over HTTP.

use super::{PeriodError, close, service, view};
use crate::access::Grant;
use crate::access::policy::{KeepPeriod, ViewPeriod};
use crate::app::App;
use crate::http::{Body, IdempotencyHeader, IfMatch, IfMatchHeader, Once, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::PeriodId;

/// Registers every operation on periods.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(open_period).service(list_periods).service(get_period).service(close_period);
    cfg.service(record_due).service(list_period_records).service(get_period_shares);
}

/// Open a period: a month or a season (开设核算期间).
#[utoipa::path(
    tag = "periods",
    request_body = view::OpenPeriod,
    responses((status = 201, description = "Opened", body = view::Period))
)]
#[post("/periods")]
async fn open_period(
    grant: Grant<KeepPeriod>,
    app: web::Data<App>,
    wanted: Body<view::OpenPeriod>,
) -> Result<HttpResponse, Failure> {
    let period = app
        .transact(grant.actor(), async |tx| -> Result<_, PeriodError> {
            let id = service::open(tx, &grant, &wanted.0).await?;
            service::show(tx, grant.scope(), id).await
        })
        .await?;
    Ok(tagged(StatusCode::CREATED, period.version, &period))
}

/// List periods, newest first, with what waits in them and what came of their close.
#[utoipa::path(
    tag = "periods",
    params(view::PeriodQuery),
    responses((status = 200, description = "A page of periods", body = Page<view::Period>))
)]
#[get("/periods")]
async fn list_periods(
    grant: Grant<ViewPeriod>,
    app: web::Data<App>,
    query: Query<view::PeriodQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), grant.scope(), &query.0).await?))
}

/// Show a period.
#[utoipa::path(
    tag = "periods",
    params(("id" = PeriodId, Path, description = "The period")),
    responses((status = 200, description = "The period", body = view::Period))
)]
#[get("/periods/{id}")]
async fn get_period(
    grant: Grant<ViewPeriod>,
    app: web::Data<App>,
    id: web::Path<PeriodId>,
) -> Result<HttpResponse, Failure> {
    let period = service::show(app.reader(), grant.scope(), id.into_inner()).await?;
    Ok(tagged(StatusCode::OK, period.version, &period))
}

/// Record what is due in a period: days worked, rent, units returned, a dividend resolved (登记应付).
#[utoipa::path(
    tag = "periods",
    params(("id" = PeriodId, Path, description = "The period"), IdempotencyHeader),
    request_body = view::RecordDue,
    responses((status = 201, description = "Recorded, all of it", body = view::RecordedDue))
)]
#[post("/periods/{id}/records")]
async fn record_due(
    grant: Grant<KeepPeriod>,
    app: web::Data<App>,
    id: web::Path<PeriodId>,
    wanted: Once<view::RecordDue>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| service::record(tx, &grant, id, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}

/// List what is recorded in a period, oldest first.
#[utoipa::path(
    tag = "periods",
    params(("id" = PeriodId, Path, description = "The period"), PageQuery),
    responses((status = 200, description = "A page of records", body = Page<view::PeriodRecord>))
)]
#[get("/periods/{id}/records")]
async fn list_period_records(
    grant: Grant<ViewPeriod>,
    app: web::Data<App>,
    id: web::Path<PeriodId>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list_records(app.reader(), grant.scope(), id.into_inner(), &page.0).await?))
}

/// Close a period: what waits in it reaches households by what is due to them (期间关账).
///
/// Periods are closed in their order, each after its last day. What was due and is not covered remains the supplier's
/// debt; what is left over it keeps. A closed period takes nothing more.
#[utoipa::path(
    tag = "periods",
    params(("id" = PeriodId, Path, description = "The period"), IfMatchHeader, IdempotencyHeader),
    request_body = view::ClosePeriod,
    responses((status = 200, description = "Closed", body = view::Period))
)]
#[post("/periods/{id}/close")]
async fn close_period(
    grant: Grant<KeepPeriod>,
    app: web::Data<App>,
    id: web::Path<PeriodId>,
    version: IfMatch,
    wanted: Once<view::ClosePeriod>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| -> Result<_, PeriodError> {
            close::close(tx, &grant, id, version, &wanted.body).await?;
            service::show(tx, grant.scope(), id).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Show what households got at a period's close (期间分配明细).
#[utoipa::path(
    tag = "periods",
    params(("id" = PeriodId, Path, description = "The period")),
    responses((status = 200, description = "The shares; none before it is closed", body = view::PeriodShares))
)]
#[get("/periods/{id}/shares")]
async fn get_period_shares(
    grant: Grant<ViewPeriod>,
    app: web::Data<App>,
    id: web::Path<PeriodId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::shares(app.reader(), grant.scope(), id.into_inner()).await?))
}
