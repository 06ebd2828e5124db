//! Assignments over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{KeepHelper, ViewHelper};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::HelperAssignmentId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations of assignments.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(assign_helper)
        .service(list_helper_assignments)
        .service(get_helper_assignment)
        .service(end_helper_assignment);
}

/// Assign a household of your county to a helper cadre (落实帮扶责任人).
///
/// A cadre has at most three households at a time; for a fourth a reason must be given, which stays on record.
#[utoipa::path(tag = "households", request_body = view::AssignHelper, responses(
    (status = 201, description = "The cadre sees the household from now on", body = view::Assignment),
))]
#[post("/helper-assignments")]
async fn assign_helper(
    grant: Grant<KeepHelper>,
    app: web::Data<App>,
    wanted: Body<view::AssignHelper>,
) -> Result<HttpResponse, Failure> {
    let work = async |tx: &crate::db::Tx| service::assign(tx, &grant, &wanted.0).await;
    let made = app.transact(grant.actor(), work).await?;
    Ok(tagged(StatusCode::CREATED, made.version, &made))
}

/// List who helps whom, newest first; a helper cadre finds their own.
#[utoipa::path(tag = "households", params(view::AssignmentQuery), responses(
    (status = 200, description = "A page of assignments", body = Page<view::Assignment>),
))]
#[get("/helper-assignments")]
async fn list_helper_assignments(
    grant: Grant<ViewHelper>,
    app: web::Data<App>,
    query: Query<view::AssignmentQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), grant.scope(), &query.0).await?))
}

/// Show an assignment.
#[utoipa::path(tag = "households", params(("id" = HelperAssignmentId, Path, description = "The assignment")), responses(
    (status = 200, description = "The assignment", body = view::Assignment),
))]
#[get("/helper-assignments/{id}")]
async fn get_helper_assignment(
    grant: Grant<ViewHelper>,
    app: web::Data<App>,
    id: web::Path<HelperAssignmentId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), grant.scope(), *id).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// End an assignment; the cadre sees the household no more.
#[utoipa::path(
    tag = "households",
    params(("id" = HelperAssignmentId, Path, description = "The assignment"), IfMatchHeader),
    request_body = view::EndAssignment,
    responses((status = 200, description = "It has ended and stays on record", body = view::Assignment))
)]
#[post("/helper-assignments/{id}/end")]
async fn end_helper_assignment(
    grant: Grant<KeepHelper>,
    app: web::Data<App>,
    id: web::Path<HelperAssignmentId>,
    version: IfMatch,
    wanted: Body<view::EndAssignment>,
) -> Result<HttpResponse, Failure> {
    let work = async |tx: &crate::db::Tx| service::end(tx, &grant, *id, version, &wanted.0).await;
    let ended = app.transact(grant.actor(), work).await?;
    Ok(tagged(StatusCode::OK, ended.version, &ended))
}
