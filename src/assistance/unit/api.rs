//! Unit assignments over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{KeepUnitVillage, ViewUnitVillage};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::UnitAssignmentId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations of unit assignments.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(assign_unit).service(list_unit_assignments).service(get_unit_assignment).service(end_unit_assignment);
}

/// Say that a unit stands by a village of your county (单位包村).
#[utoipa::path(tag = "assistance", request_body = view::AssignUnit, responses(
    (status = 201, description = "Entered", body = view::UnitAssignment),
))]
#[post("/unit-assignments")]
async fn assign_unit(
    grant: Grant<KeepUnitVillage>,
    app: web::Data<App>,
    wanted: Body<view::AssignUnit>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::assign(tx, &grant, &wanted.0).await).await?;
    Ok(tagged(StatusCode::CREATED, made.version, &made))
}

/// List which units stand by which villages in reach, newest first.
#[utoipa::path(tag = "assistance", params(view::UnitAssignmentQuery), responses(
    (status = 200, description = "A page of assignments", body = Page<view::UnitAssignment>),
))]
#[get("/unit-assignments")]
async fn list_unit_assignments(
    grant: Grant<ViewUnitVillage>,
    app: web::Data<App>,
    wanted: Query<view::UnitAssignmentQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &wanted.0).await?))
}

/// Show which unit stands by which village.
#[utoipa::path(
    tag = "assistance",
    params(("id" = UnitAssignmentId, Path, description = "The assignment")),
    responses((status = 200, description = "The assignment", body = view::UnitAssignment))
)]
#[get("/unit-assignments/{id}")]
async fn get_unit_assignment(
    grant: Grant<ViewUnitVillage>,
    app: web::Data<App>,
    id: web::Path<UnitAssignmentId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), grant.scope(), *id).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// End that a unit stands by a village; it stays on record.
#[utoipa::path(
    tag = "assistance",
    params(("id" = UnitAssignmentId, Path, description = "The assignment"), IfMatchHeader),
    request_body = view::EndUnitAssignment,
    responses((status = 200, description = "It has ended", body = view::UnitAssignment))
)]
#[post("/unit-assignments/{id}/end")]
async fn end_unit_assignment(
    grant: Grant<KeepUnitVillage>,
    app: web::Data<App>,
    id: web::Path<UnitAssignmentId>,
    seen: IfMatch,
    wanted: Body<view::EndUnitAssignment>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::end(tx, &grant, (*id, seen), &wanted.0).await;
    let ended = app.transact(grant.actor(), act).await?;
    Ok(tagged(StatusCode::OK, ended.version, &ended))
}
