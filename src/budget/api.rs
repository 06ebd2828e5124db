//! Budgets over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{GrantBudget, ViewBudget};
use crate::app::App;
use crate::http::{IdempotencyHeader, Once, Page, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::BudgetId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(grant_budget).service(list_budgets).service(get_budget);
}

/// Grant a unit below yours a budget for a year (预算批复).
#[utoipa::path(tag = "budgets", request_body = view::GrantBudget, params(IdempotencyHeader),
    responses((status = 201, description = "The budget, all of it available", body = view::Budget)))]
#[post("/budgets")]
async fn grant_budget(
    grant: Grant<GrantBudget>,
    app: web::Data<App>,
    wanted: Once<view::GrantBudget>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| service::grant(tx, &grant, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}

/// List budgets, newest first, with what is available, bound and spent.
#[utoipa::path(tag = "budgets", params(view::BudgetFilter),
    responses((status = 200, description = "A page of budgets", body = Page<view::Budget>)))]
#[get("/budgets")]
async fn list_budgets(
    grant: Grant<ViewBudget>,
    app: web::Data<App>,
    wanted: Query<view::BudgetFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, wanted.0).await?))
}

/// Show a budget with what is available, bound and spent.
#[utoipa::path(tag = "budgets", params(("id" = BudgetId, Path, description = "The budget")),
    responses((status = 200, description = "The budget", body = view::Budget)))]
#[get("/budgets/{id}")]
async fn get_budget(
    grant: Grant<ViewBudget>,
    app: web::Data<App>,
    id: web::Path<BudgetId>,
) -> Result<HttpResponse, Failure> {
    let budget = service::get(app.reader(), &grant, *id).await?;
    Ok(tagged(StatusCode::OK, budget.version, &budget))
}
