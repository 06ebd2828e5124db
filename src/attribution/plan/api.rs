//! Plans over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{ApprovePlan, ProposePlan, ReadPublic, ViewPlan};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::PlanId;

/// Registers every operation on plans.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(propose_plan).service(list_plans).service(get_plan).service(approve_plan);
    cfg.service(list_published_plans).service(get_published_plan);
}

/// Propose an attribution plan, for all products or for some (提出收益分配方案).
#[utoipa::path(
    tag = "plans",
    request_body = view::ProposePlan,
    responses((status = 201, description = "Proposed; it takes effect when the county approves it", body = view::Plan))
)]
#[post("/plans")]
async fn propose_plan(
    grant: Grant<ProposePlan>,
    app: web::Data<App>,
    wanted: Body<view::ProposePlan>,
) -> Result<HttpResponse, Failure> {
    let plan = app
        .transact(grant.actor(), async |tx| {
            let row = service::propose(tx, &grant, &wanted.0).await?;
            service::shown(tx, row).await
        })
        .await?;
    Ok(tagged(StatusCode::CREATED, plan.version, &plan))
}

/// List attribution plans, newest first.
#[utoipa::path(
    tag = "plans",
    params(view::PlanQuery),
    responses((status = 200, description = "A page of plans", body = Page<view::Plan>))
)]
#[get("/plans")]
async fn list_plans(
    grant: Grant<ViewPlan>,
    app: web::Data<App>,
    query: Query<view::PlanQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), grant.scope(), &query.0).await?))
}

/// Show an attribution plan.
#[utoipa::path(
    tag = "plans",
    params(("id" = PlanId, Path, description = "The plan")),
    responses((status = 200, description = "The plan", body = view::Plan))
)]
#[get("/plans/{id}")]
async fn get_plan(grant: Grant<ViewPlan>, app: web::Data<App>, id: web::Path<PlanId>) -> Result<HttpResponse, Failure> {
    let plan = service::show(app.reader(), grant.scope(), id.into_inner()).await?;
    Ok(tagged(StatusCode::OK, plan.version, &plan))
}

/// Approve an attribution plan; the one in force until now is superseded, product by product where it names some
/// (审批收益分配方案).
#[utoipa::path(
    tag = "plans",
    params(("id" = PlanId, Path, description = "The plan"), IfMatchHeader),
    responses((status = 200, description = "In force", body = view::Plan))
)]
#[post("/plans/{id}/approve")]
async fn approve_plan(
    grant: Grant<ApprovePlan>,
    app: web::Data<App>,
    id: web::Path<PlanId>,
    version: IfMatch,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let plan = app
        .transact(grant.actor(), async |tx| {
            let row = service::approve(tx, &grant, id, version).await?;
            service::shown(tx, row).await
        })
        .await?;
    Ok(tagged(StatusCode::OK, plan.version, &plan))
}

/// List the published attribution plans, newest first: how each supplier shares what it sells (收益分配方案公示).
#[utoipa::path(
    tags = ["plans", "public"],
    params(view::PublishedQuery),
    responses((status = 200, description = "A page of published plans", body = Page<view::PublishedPlan>))
)]
#[get("/published-plans")]
async fn list_published_plans(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    query: Query<view::PublishedQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list_published(app.reader(), &query.0).await?))
}

/// Show a published attribution plan, in force or replaced: it still governs the orders placed under it.
#[utoipa::path(
    tags = ["plans", "public"],
    params(("id" = PlanId, Path, description = "The plan")),
    responses((status = 200, description = "The plan", body = view::PublishedPlan))
)]
#[get("/published-plans/{id}")]
async fn get_published_plan(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    id: web::Path<PlanId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::show_published(app.reader(), id.into_inner()).await?))
}
