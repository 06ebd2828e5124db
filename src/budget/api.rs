//! Budgets over HTTP.

use super::{change, service, statement, view};
use crate::access::Grant;
use crate::access::policy::{GrantBudget, ViewBudget};
use crate::app::App;
use crate::http::{IdempotencyHeader, IfMatch, IfMatchHeader, Once, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::{BudgetId, business_date};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(grant_budget)
        .service(list_budgets)
        .service(get_budget)
        .service(change_budget)
        .service(list_budget_changes)
        .service(get_budget_statement);
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

/// Change a budget of a unit below yours with a document: more, less, to another one, or into the next year (预算调整).
#[utoipa::path(tag = "budgets", request_body = view::ChangeBudget,
    params(("id" = BudgetId, Path, description = "The budget"), IdempotencyHeader, IfMatchHeader),
    responses((status = 200, description = "The budget as it is now", body = view::Budget)))]
#[post("/budgets/{id}/changes")]
async fn change_budget(
    grant: Grant<GrantBudget>,
    app: web::Data<App>,
    id: web::Path<BudgetId>,
    seen: IfMatch,
    wanted: Once<view::ChangeBudget>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| {
            change::change(tx, &grant, *id, seen, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// List the changes of a budget, newest first.
#[utoipa::path(tag = "budgets", params(("id" = BudgetId, Path, description = "The budget"), PageQuery),
    responses((status = 200, description = "A page of changes", body = Page<view::BudgetChange>)))]
#[get("/budgets/{id}/changes")]
async fn list_budget_changes(
    grant: Grant<ViewBudget>,
    app: web::Data<App>,
    id: web::Path<BudgetId>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(change::list(app.reader(), &grant, *id, &page.0).await?))
}

/// Show the movements of a budget between two days, with how it stood before and after (预算执行明细).
#[utoipa::path(tag = "budgets", params(("id" = BudgetId, Path, description = "The budget"), view::StatementQuery),
    responses((status = 200, description = "The statement", body = view::BudgetStatement)))]
#[get("/budgets/{id}/statement")]
async fn get_budget_statement(
    grant: Grant<ViewBudget>,
    app: web::Data<App>,
    id: web::Path<BudgetId>,
    days: Query<view::StatementQuery>,
) -> Result<HttpResponse, Failure> {
    let today = business_date(app.clock.now());
    Ok(HttpResponse::Ok().json(statement::show(app.reader(), &grant, *id, &days.0, today).await?))
}
