//! Income and spending over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{KeepThreshold, ReadPublic, RecordIncome, ViewWelfare};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::{HouseholdId, IncomeThresholdId, business_date};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(record_income_entry)
        .service(list_income_entries)
        .service(get_household_income)
        .service(enter_income_threshold)
        .service(list_income_thresholds)
        .service(get_income_threshold)
        .service(correct_income_threshold);
}

/// Enter a row of a household's income or spending, or correct one by another (收支采集).
///
/// What the household was paid here is left out: it counts by the journal, and a row that claims it is refused.
#[utoipa::path(tag = "welfare", request_body = view::RecordIncomeEntry,
    params(("id" = HouseholdId, Path, description = "The household")),
    responses((status = 201, description = "It counts from now on", body = view::IncomeEntry)))]
#[post("/households/{id}/income-entries")]
async fn record_income_entry(
    grant: Grant<RecordIncome>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
    wanted: Body<view::RecordIncomeEntry>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::record(tx, &grant, *id, &wanted.0).await;
    Ok(HttpResponse::Created().json(app.transact(grant.actor(), act).await?))
}

/// List the rows of a household's income and spending, newest first, with those that were corrected.
#[utoipa::path(tag = "welfare", params(("id" = HouseholdId, Path, description = "The household"), PageQuery),
    responses((status = 200, description = "A page of rows", body = Page<view::IncomeEntry>)))]
#[get("/households/{id}/income-entries")]
async fn list_income_entries(
    grant: Grant<ViewWelfare>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, *id, &page.0).await?))
}

/// Show what a household lives on, on a day: by class, cost and spending, per head, and how that stands to the threshold
/// (家庭收入).
///
/// Each figure says what of it was paid here, and how many rows of which evidence the rest is made of.
#[utoipa::path(tag = "welfare", params(("id" = HouseholdId, Path, description = "The household"), view::IncomeQuery),
    responses((status = 200, description = "The figures", body = view::HouseholdIncome)))]
#[get("/households/{id}/income")]
async fn get_household_income(
    grant: Grant<ViewWelfare>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
    wanted: Query<view::IncomeQuery>,
) -> Result<HttpResponse, Failure> {
    let today = business_date(app.clock.now());
    let days = (wanted.0.as_of.unwrap_or(today), today);
    let shown = service::show(app.reader(), &grant, *id, days, app.config.income_windows).await?;
    Ok(HttpResponse::Ok().json(shown))
}

/// Enter the threshold of income of a province or county for a year, with the document that sets it (监测收入标准).
///
/// One that is there is corrected, not entered again. Where there is none, no household gets a verdict.
#[utoipa::path(tag = "welfare", request_body = view::EnterIncomeThreshold,
    responses((status = 201, description = "It holds from now on", body = view::IncomeThreshold)))]
#[post("/income-thresholds")]
async fn enter_income_threshold(
    grant: Grant<KeepThreshold>,
    app: web::Data<App>,
    wanted: Body<view::EnterIncomeThreshold>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::enter_threshold(tx, &grant, &wanted.0).await;
    let made = app.transact(grant.actor(), act).await?;
    Ok(tagged(StatusCode::CREATED, made.version, &made))
}

/// List thresholds of income, newest first; of a place and year the last one holds.
#[utoipa::path(tag = "welfare", params(view::IncomeThresholdQuery),
    responses((status = 200, description = "A page of thresholds", body = Page<view::IncomeThreshold>)))]
#[get("/income-thresholds")]
async fn list_income_thresholds(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    wanted: Query<view::IncomeThresholdQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list_thresholds(app.reader(), &wanted.0).await?))
}

/// Show a threshold of income with the document that sets it, and whether it holds.
#[utoipa::path(tag = "welfare", params(("id" = IncomeThresholdId, Path, description = "The threshold")),
    responses((status = 200, description = "The threshold", body = view::IncomeThreshold)))]
#[get("/income-thresholds/{id}")]
async fn get_income_threshold(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    id: web::Path<IncomeThresholdId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show_threshold(app.reader(), *id).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// Correct a threshold of income by another one, with the reason; the one before stays on record (更正监测收入标准).
#[utoipa::path(tag = "welfare", request_body = view::CorrectIncomeThreshold,
    params(("id" = IncomeThresholdId, Path, description = "The threshold that holds"), IfMatchHeader),
    responses((status = 201, description = "It holds from now on", body = view::IncomeThreshold)))]
#[post("/income-thresholds/{id}/corrections")]
async fn correct_income_threshold(
    grant: Grant<KeepThreshold>,
    app: web::Data<App>,
    id: web::Path<IncomeThresholdId>,
    seen: IfMatch,
    wanted: Body<view::CorrectIncomeThreshold>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::correct_threshold(tx, &grant, (*id, seen), &wanted.0).await;
    let made = app.transact(grant.actor(), act).await?;
    Ok(tagged(StatusCode::CREATED, made.version, &made))
}
