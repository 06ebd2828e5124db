//! Complaints over HTTP.

use super::state::Step;
use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{AnswerComplaint, DecideComplaint, FileComplaint, ViewComplaint};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::ComplaintId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(file_complaint)
        .service(list_complaints)
        .service(get_complaint)
        .service(answer_complaint)
        .service(settle_complaint)
        .service(escalate_complaint)
        .service(withdraw_complaint)
        .service(decide_complaint);
}

fn answered(status: StatusCode, shown: &view::ComplaintWithSteps) -> HttpResponse {
    tagged(status, shown.complaint.version, shown)
}

/// Complain about the other side of an order (投诉).
#[utoipa::path(tag = "complaints", request_body = view::FileComplaint,
    responses((status = 201, description = "Filed; the other side is to answer", body = view::ComplaintWithSteps)))]
#[post("/complaints")]
async fn file_complaint(
    grant: Grant<FileComplaint>,
    app: web::Data<App>,
    wanted: Body<view::FileComplaint>,
) -> Result<HttpResponse, Failure> {
    let days = app.config.complaint_days;
    let shown = app.transact(grant.actor(), async |tx| service::file(tx, &grant, &wanted.0, days).await).await?;
    Ok(answered(StatusCode::CREATED, &shown))
}

/// List complaints of either side, newest first.
#[utoipa::path(tag = "complaints", params(view::ComplaintFilter),
    responses((status = 200, description = "A page of complaints", body = Page<view::Complaint>)))]
#[get("/complaints")]
async fn list_complaints(
    grant: Grant<ViewComplaint>,
    app: web::Data<App>,
    wanted: Query<view::ComplaintFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, wanted.0, app.clock.now()).await?))
}

/// Show a complaint with what became of it.
#[utoipa::path(tag = "complaints", params(("id" = ComplaintId, Path, description = "The complaint")),
    responses((status = 200, description = "The complaint", body = view::ComplaintWithSteps)))]
#[get("/complaints/{id}")]
async fn get_complaint(
    grant: Grant<ViewComplaint>,
    app: web::Data<App>,
    id: web::Path<ComplaintId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), &grant, *id, app.clock.now()).await?;
    Ok(answered(StatusCode::OK, &shown))
}

/// Answer a complaint against your organisation (答复).
#[utoipa::path(tag = "complaints", request_body = view::SayToComplaint,
    params(("id" = ComplaintId, Path, description = "The complaint"), IfMatchHeader),
    responses((status = 200, description = "Answered", body = view::ComplaintWithSteps)))]
#[post("/complaints/{id}/answer")]
async fn answer_complaint(
    grant: Grant<AnswerComplaint>,
    app: web::Data<App>,
    id: web::Path<ComplaintId>,
    seen: IfMatch,
    wanted: Body<view::SayToComplaint>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::answer(tx, &grant, (*id, seen), &wanted.0).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}

async fn go_on(
    grant: Grant<FileComplaint>,
    app: web::Data<App>,
    (id, seen): (ComplaintId, IfMatch),
    (step, wanted): (Step, &view::SayToComplaint),
) -> Result<HttpResponse, Failure> {
    let days = app.config.complaint_days;
    let act = async |tx: &_| service::go_on(tx, &grant, (id, seen), (step, wanted), days).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}

/// Accept what was done about your complaint, which closes it (和解).
#[utoipa::path(tag = "complaints", request_body = view::SayToComplaint,
    params(("id" = ComplaintId, Path, description = "The complaint"), IfMatchHeader),
    responses((status = 200, description = "Settled", body = view::ComplaintWithSteps)))]
#[post("/complaints/{id}/settle")]
async fn settle_complaint(
    grant: Grant<FileComplaint>,
    app: web::Data<App>,
    id: web::Path<ComplaintId>,
    seen: IfMatch,
    wanted: Body<view::SayToComplaint>,
) -> Result<HttpResponse, Failure> {
    go_on(grant, app, (*id, seen), (Step::Settle, &wanted.0)).await
}

/// Take your complaint to the platform, when the answer does not do (提交平台裁定).
#[utoipa::path(tag = "complaints", request_body = view::SayToComplaint,
    params(("id" = ComplaintId, Path, description = "The complaint"), IfMatchHeader),
    responses((status = 200, description = "The platform is to decide", body = view::ComplaintWithSteps)))]
#[post("/complaints/{id}/escalate")]
async fn escalate_complaint(
    grant: Grant<FileComplaint>,
    app: web::Data<App>,
    id: web::Path<ComplaintId>,
    seen: IfMatch,
    wanted: Body<view::SayToComplaint>,
) -> Result<HttpResponse, Failure> {
    go_on(grant, app, (*id, seen), (Step::Escalate, &wanted.0)).await
}

/// Take your complaint back (撤回).
#[utoipa::path(tag = "complaints", request_body = view::SayToComplaint,
    params(("id" = ComplaintId, Path, description = "The complaint"), IfMatchHeader),
    responses((status = 200, description = "Taken back", body = view::ComplaintWithSteps)))]
#[post("/complaints/{id}/withdraw")]
async fn withdraw_complaint(
    grant: Grant<FileComplaint>,
    app: web::Data<App>,
    id: web::Path<ComplaintId>,
    seen: IfMatch,
    wanted: Body<view::SayToComplaint>,
) -> Result<HttpResponse, Failure> {
    go_on(grant, app, (*id, seen), (Step::Withdraw, &wanted.0)).await
}

/// Decide a complaint as the platform (裁定).
#[utoipa::path(tag = "complaints", request_body = view::DecideComplaint,
    params(("id" = ComplaintId, Path, description = "The complaint"), IfMatchHeader),
    responses((status = 200, description = "Decided", body = view::ComplaintWithSteps)))]
#[post("/complaints/{id}/decide")]
async fn decide_complaint(
    grant: Grant<DecideComplaint>,
    app: web::Data<App>,
    id: web::Path<ComplaintId>,
    seen: IfMatch,
    wanted: Body<view::DecideComplaint>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::decide(tx, &grant, (*id, seen), &wanted.0).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}
