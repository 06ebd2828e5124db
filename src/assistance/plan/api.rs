//! Plans over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{KeepHelpPlan, ViewHelpPlan};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::{HelpPlanId, business_date};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations of plans.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(make_help_plan)
        .service(list_help_plans)
        .service(get_help_plan)
        .service(add_help_plan_item)
        .service(record_help_plan_progress);
}

fn answered(status: StatusCode, shown: &view::HelpPlanWithItems) -> HttpResponse {
    tagged(status, shown.plan.version, shown)
}

/// Make a plan for a household and a year (一户一策).
#[utoipa::path(tag = "assistance", request_body = view::NewHelpPlan, responses(
    (status = 201, description = "Made, with its four lists", body = view::HelpPlanWithItems),
))]
#[post("/help-plans")]
async fn make_help_plan(
    grant: Grant<KeepHelpPlan>,
    app: web::Data<App>,
    wanted: Body<view::NewHelpPlan>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::make(tx, &grant, &wanted.0).await).await?;
    Ok(answered(StatusCode::CREATED, &made))
}

/// List plans of the households in reach, newest first; `overdue=true` for those with a late measure.
#[utoipa::path(tag = "assistance", params(view::HelpPlanQuery), responses(
    (status = 200, description = "A page of plans", body = Page<view::HelpPlan>),
))]
#[get("/help-plans")]
async fn list_help_plans(
    grant: Grant<ViewHelpPlan>,
    app: web::Data<App>,
    wanted: Query<view::HelpPlanQuery>,
) -> Result<HttpResponse, Failure> {
    let today = business_date(app.clock.now());
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &wanted.0, today).await?))
}

/// Show a plan with its items, how they came along, and its four lists.
#[utoipa::path(tag = "assistance", params(("id" = HelpPlanId, Path, description = "The plan")), responses(
    (status = 200, description = "The plan", body = view::HelpPlanWithItems),
))]
#[get("/help-plans/{id}")]
async fn get_help_plan(
    grant: Grant<ViewHelpPlan>,
    app: web::Data<App>,
    id: web::Path<HelpPlanId>,
) -> Result<HttpResponse, Failure> {
    let today = business_date(app.clock.now());
    Ok(answered(StatusCode::OK, &service::show(app.reader(), &grant, *id, today).await?))
}

/// Add an item to a plan.
#[utoipa::path(
    tag = "assistance",
    params(("id" = HelpPlanId, Path, description = "The plan"), IfMatchHeader),
    request_body = view::NewPlanItem,
    responses((status = 201, description = "The plan as it is now", body = view::HelpPlanWithItems))
)]
#[post("/help-plans/{id}/items")]
async fn add_help_plan_item(
    grant: Grant<KeepHelpPlan>,
    app: web::Data<App>,
    id: web::Path<HelpPlanId>,
    seen: IfMatch,
    wanted: Body<view::NewPlanItem>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::add(tx, &grant, (*id, seen), &wanted.0).await;
    Ok(answered(StatusCode::CREATED, &app.transact(grant.actor(), act).await?))
}

/// Say how a measure came along: what was done, that it is done, or why it is given up (进度).
#[utoipa::path(
    tag = "assistance",
    params(
        ("id" = HelpPlanId, Path, description = "The plan"),
        ("number" = i32, Path, description = "The item"),
        IfMatchHeader,
    ),
    request_body = view::NewProgress,
    responses((status = 201, description = "The plan as it is now", body = view::HelpPlanWithItems))
)]
#[post("/help-plans/{id}/items/{number}/progress")]
async fn record_help_plan_progress(
    grant: Grant<KeepHelpPlan>,
    app: web::Data<App>,
    place: web::Path<(HelpPlanId, i32)>,
    seen: IfMatch,
    wanted: Body<view::NewProgress>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::progress(tx, &grant, *place, seen, &wanted.0).await;
    Ok(answered(StatusCode::CREATED, &app.transact(grant.actor(), act).await?))
}
