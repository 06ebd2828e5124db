//! Rules and deputies over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{DecideRequest, KeepApprovalRule, ViewApprovalRule};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::DeputyId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(add_approval_rule)
        .service(list_approval_rules)
        .service(add_approval_deputy)
        .service(list_approval_deputies)
        .service(end_approval_deputy);
}

/// Enter a rule of who approves purchases, or a new version of one (设置审批规则).
#[utoipa::path(tag = "approvals", request_body = view::NewApprovalRule,
    responses((status = 201, description = "It holds from now on", body = view::ApprovalRule)))]
#[post("/approval-rules")]
async fn add_approval_rule(
    grant: Grant<KeepApprovalRule>,
    app: web::Data<App>,
    wanted: Body<view::NewApprovalRule>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::add_rule(tx, &grant, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(made))
}

/// List rules of who approves purchases in all versions, newest first.
#[utoipa::path(tag = "approvals", params(view::RuleFilter),
    responses((status = 200, description = "A page of rules", body = Page<view::ApprovalRule>)))]
#[get("/approval-rules")]
async fn list_approval_rules(
    grant: Grant<ViewApprovalRule>,
    app: web::Data<App>,
    wanted: Query<view::RuleFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list_rules(app.reader(), &grant, wanted.0).await?))
}

/// Name a colleague who decides in your place for some days (设置代理审批).
#[utoipa::path(tag = "approvals", request_body = view::NewDeputy,
    responses((status = 201, description = "The deputy", body = view::Deputy)))]
#[post("/approval-deputies")]
async fn add_approval_deputy(
    grant: Grant<DecideRequest>,
    app: web::Data<App>,
    wanted: Body<view::NewDeputy>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::add_deputy(tx, &grant, &wanted.0).await).await?;
    Ok(tagged(StatusCode::CREATED, made.version, &made))
}

/// List deputies, newest first.
#[utoipa::path(tag = "approvals", params(PageQuery),
    responses((status = 200, description = "A page of deputies", body = Page<view::Deputy>)))]
#[get("/approval-deputies")]
async fn list_approval_deputies(
    grant: Grant<ViewApprovalRule>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list_deputies(app.reader(), &grant, &page.0).await?))
}

/// End a deputy of yours before their time.
#[utoipa::path(tag = "approvals",
    params(("id" = DeputyId, Path, description = "The deputy"), IfMatchHeader),
    responses((status = 200, description = "The deputy, ended", body = view::Deputy)))]
#[post("/approval-deputies/{id}/end")]
async fn end_approval_deputy(
    grant: Grant<DecideRequest>,
    app: web::Data<App>,
    id: web::Path<DeputyId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let ended = app.transact(grant.actor(), async |tx| service::end_deputy(tx, &grant, *id, seen).await).await?;
    Ok(tagged(StatusCode::OK, ended.version, &ended))
}
