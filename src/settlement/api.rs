//! Payouts, payables and income statements over HTTP.

use super::{payouts, statement, view};
use crate::access::Grant;
use crate::access::policy::{ViewIncome, ViewPayout};
use crate::app::App;
use crate::http::{Page, Query};
use crate::problem::{Failure, Problem};
use actix_web::{HttpResponse, get, web};
use chrono::Datelike;
use entity::value::{HouseholdId, business_date};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_payouts).service(list_payables).service(get_income_statement);
}

/// List payouts, newest first.
#[utoipa::path(
    tag = "payouts",
    params(view::PayoutQuery),
    responses((status = 200, description = "A page of payouts", body = Page<view::Payout>))
)]
#[get("/payouts")]
async fn list_payouts(
    grant: Grant<ViewPayout>,
    app: web::Data<App>,
    query: Query<view::PayoutQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(payouts::list(app.reader(), &grant, &query.0).await?))
}

/// List what accrued, was paid out and is still owed under each agreement (应付农户款).
#[utoipa::path(
    tag = "payouts",
    params(view::PayableQuery),
    responses((status = 200, description = "A page of payables", body = Page<view::Payable>))
)]
#[get("/payables")]
async fn list_payables(
    grant: Grant<ViewPayout>,
    app: web::Data<App>,
    query: Query<view::PayableQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(payouts::payables(app.reader(), &grant, &query.0).await?))
}

/// Show a household's income in a year: promised, accrued and paid, per agreement and per order (户收益单).
///
/// A cooperative sees only what comes from its own agreements.
#[utoipa::path(
    tag = "households",
    params(("id" = HouseholdId, Path, description = "The household"), view::StatementQuery),
    responses((status = 200, description = "The statement", body = view::IncomeStatement))
)]
#[get("/households/{id}/statement")]
async fn get_income_statement(
    grant: Grant<ViewIncome>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
    query: Query<view::StatementQuery>,
) -> Result<HttpResponse, Failure> {
    let year = query.0.year.unwrap_or_else(|| business_date(app.clock.now()).year());
    if !(2000..=2100).contains(&year) {
        return Err(
            Problem::invalid("?year", "年份应在 2000 至 2100 之间。", "The year lies between 2000 and 2100.").into()
        );
    }
    Ok(HttpResponse::Ok().json(statement::show(app.reader(), &grant, id.into_inner(), year).await?))
}
