//! Cases over HTTP.

use super::{Removal, service, view};
use crate::access::Grant;
use crate::access::policy::{
    AnswerAdjustmentObjection, CheckAdjustment, DecideAdjustment, EndorseAdjustment, ObjectToAdjustment,
    OpenAdjustment, ReadPublic, ReviewAdjustment, ViewAdjustment,
};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::{AdjustmentId, AdjustmentObjectionId, OrganisationId, business_date};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(open_adjustment)
        .service(list_adjustments)
        .service(get_adjustment)
        .service(check_adjustment)
        .service(dismiss_adjustment)
        .service(review_adjustment)
        .service(publicise_adjustment)
        .service(object_to_adjustment)
        .service(submit_adjustment)
        .service(endorse_adjustment)
        .service(return_adjustment)
        .service(send_back_adjustment)
        .service(approve_adjustment)
        .service(refuse_adjustment)
        .service(withdraw_adjustment)
        .service(answer_adjustment_objection)
        .service(list_village_publicities);
}

fn answered(status: StatusCode, shown: &view::AdjustmentWithSteps) -> HttpResponse {
    tagged(status, shown.adjustment.version, shown)
}

/// Enter a clue, which begins a case (登记线索).
///
/// Which parts it has follows from its kind: a household newly at risk, a return to poverty, births, deaths, marriages
/// and moves, a household split, two merged, an exit, a risk that is gone.
#[utoipa::path(tag = "adjustments", request_body = view::OpenAdjustment,
    responses((status = 201, description = "The case is open; it is to be decided in fifteen days", body = view::AdjustmentWithSteps)))]
#[post("/adjustments")]
async fn open_adjustment(
    grant: Grant<OpenAdjustment>,
    app: web::Data<App>,
    wanted: Body<view::OpenAdjustment>,
) -> Result<HttpResponse, Failure> {
    let removal = app.part::<Removal>()?;
    let act = async |tx: &_| service::open(tx, (&app.secrets, removal), &grant, &wanted.0).await;
    Ok(answered(StatusCode::CREATED, &app.transact(grant.actor(), act).await?))
}

/// List cases in reach, newest first; `overdue=true` for those that are late.
#[utoipa::path(tag = "adjustments", params(view::AdjustmentFilter),
    responses((status = 200, description = "A page of cases", body = Page<view::Adjustment>)))]
#[get("/adjustments")]
async fn list_adjustments(
    grant: Grant<ViewAdjustment>,
    app: web::Data<App>,
    wanted: Query<view::AdjustmentFilter>,
) -> Result<HttpResponse, Failure> {
    let today = business_date(app.clock.now());
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &wanted.0, today).await?))
}

/// Show a case with its visits, votes, objections and steps.
#[utoipa::path(tag = "adjustments", params(("id" = AdjustmentId, Path, description = "The case")),
    responses((status = 200, description = "The case", body = view::AdjustmentWithSteps)))]
#[get("/adjustments/{id}")]
async fn get_adjustment(
    grant: Grant<ViewAdjustment>,
    app: web::Data<App>,
    id: web::Path<AdjustmentId>,
) -> Result<HttpResponse, Failure> {
    let today = business_date(app.clock.now());
    Ok(answered(StatusCode::OK, &service::show(app.reader(), &app.secrets, &grant, *id, today).await?))
}

/// Record the visit at the household's home, with its consent (入户核实).
#[utoipa::path(tag = "adjustments", request_body = view::CheckAdjustment,
    params(("id" = AdjustmentId, Path, description = "The case"), IfMatchHeader),
    responses((status = 200, description = "The visit bears the clue out", body = view::AdjustmentWithSteps)))]
#[post("/adjustments/{id}/check")]
async fn check_adjustment(
    grant: Grant<CheckAdjustment>,
    app: web::Data<App>,
    id: web::Path<AdjustmentId>,
    seen: IfMatch,
    wanted: Body<view::CheckAdjustment>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::check(tx, &app.secrets, &grant, (*id, seen), &wanted.0).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}

/// End a case that the visit does not bear out (核实不属实).
#[utoipa::path(tag = "adjustments", request_body = view::SayToAdjustment,
    params(("id" = AdjustmentId, Path, description = "The case"), IfMatchHeader),
    responses((status = 200, description = "The case has ended", body = view::AdjustmentWithSteps)))]
#[post("/adjustments/{id}/dismiss")]
async fn dismiss_adjustment(
    grant: Grant<CheckAdjustment>,
    app: web::Data<App>,
    id: web::Path<AdjustmentId>,
    seen: IfMatch,
    wanted: Body<view::SayToAdjustment>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::dismiss(tx, &app.secrets, &grant, (*id, seen), &wanted.0).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}

/// Record the vote of the villagers' representatives (民主评议).
#[utoipa::path(tag = "adjustments", request_body = view::ReviewAdjustment,
    params(("id" = AdjustmentId, Path, description = "The case"), IfMatchHeader),
    responses((status = 200, description = "Carried, or the case has ended", body = view::AdjustmentWithSteps)))]
#[post("/adjustments/{id}/review")]
async fn review_adjustment(
    grant: Grant<ReviewAdjustment>,
    app: web::Data<App>,
    id: web::Path<AdjustmentId>,
    seen: IfMatch,
    wanted: Body<view::ReviewAdjustment>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::review(tx, &app.secrets, &grant, (*id, seen), &wanted.0).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}

/// Put a case on the village's notice board, for five days at least and once (公示).
#[utoipa::path(tag = "adjustments", request_body = view::PubliciseAdjustment,
    params(("id" = AdjustmentId, Path, description = "The case"), IfMatchHeader),
    responses((status = 200, description = "It hangs there from today on", body = view::AdjustmentWithSteps)))]
#[post("/adjustments/{id}/publicise")]
async fn publicise_adjustment(
    grant: Grant<ReviewAdjustment>,
    app: web::Data<App>,
    id: web::Path<AdjustmentId>,
    seen: IfMatch,
    wanted: Body<view::PubliciseAdjustment>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::publicise(tx, &app.secrets, &grant, (*id, seen), &wanted.0).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}

/// Record an objection, which stops the clocks (公示异议).
#[utoipa::path(tag = "adjustments", request_body = view::ObjectToAdjustment,
    params(("id" = AdjustmentId, Path, description = "The case"), IfMatchHeader),
    responses((status = 200, description = "The clocks stand still until it is answered", body = view::AdjustmentWithSteps)))]
#[post("/adjustments/{id}/objections")]
async fn object_to_adjustment(
    grant: Grant<ObjectToAdjustment>,
    app: web::Data<App>,
    id: web::Path<AdjustmentId>,
    seen: IfMatch,
    wanted: Body<view::ObjectToAdjustment>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::object(tx, &app.secrets, &grant, (*id, seen), &wanted.0).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}

/// Hand a case to the township, when its publicity has run or it is mended (上报乡镇).
#[utoipa::path(tag = "adjustments", request_body = view::SayToAdjustment,
    params(("id" = AdjustmentId, Path, description = "The case"), IfMatchHeader),
    responses((status = 200, description = "The township looks at it", body = view::AdjustmentWithSteps)))]
#[post("/adjustments/{id}/submit")]
async fn submit_adjustment(
    grant: Grant<ReviewAdjustment>,
    app: web::Data<App>,
    id: web::Path<AdjustmentId>,
    seen: IfMatch,
    wanted: Body<view::SayToAdjustment>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::submit(tx, &app.secrets, &grant, (*id, seen), &wanted.0).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}

/// Agree as the township (乡镇审核).
#[utoipa::path(tag = "adjustments", request_body = view::SayToAdjustment,
    params(("id" = AdjustmentId, Path, description = "The case"), IfMatchHeader),
    responses((status = 200, description = "The county decides", body = view::AdjustmentWithSteps)))]
#[post("/adjustments/{id}/endorse")]
async fn endorse_adjustment(
    grant: Grant<EndorseAdjustment>,
    app: web::Data<App>,
    id: web::Path<AdjustmentId>,
    seen: IfMatch,
    wanted: Body<view::SayToAdjustment>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::endorse(tx, &app.secrets, &grant, (*id, seen), &wanted.0).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}

/// Return a case to the village as the township, with a reason (乡镇退回).
#[utoipa::path(tag = "adjustments", request_body = view::SayToAdjustment,
    params(("id" = AdjustmentId, Path, description = "The case"), IfMatchHeader),
    responses((status = 200, description = "The village is to mend it", body = view::AdjustmentWithSteps)))]
#[post("/adjustments/{id}/return")]
async fn return_adjustment(
    grant: Grant<EndorseAdjustment>,
    app: web::Data<App>,
    id: web::Path<AdjustmentId>,
    seen: IfMatch,
    wanted: Body<view::SayToAdjustment>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::return_to_village(tx, &app.secrets, &grant, (*id, seen), &wanted.0).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}

/// Return a case to the village as the county, with a reason (县级退回).
#[utoipa::path(tag = "adjustments", request_body = view::SayToAdjustment,
    params(("id" = AdjustmentId, Path, description = "The case"), IfMatchHeader),
    responses((status = 200, description = "The village is to mend it", body = view::AdjustmentWithSteps)))]
#[post("/adjustments/{id}/send-back")]
async fn send_back_adjustment(
    grant: Grant<DecideAdjustment>,
    app: web::Data<App>,
    id: web::Path<AdjustmentId>,
    seen: IfMatch,
    wanted: Body<view::SayToAdjustment>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::send_back(tx, &app.secrets, &grant, (*id, seen), &wanted.0).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}

/// Approve a case as the county: the register says so from now on (县级审定).
#[utoipa::path(tag = "adjustments", request_body = view::SayToAdjustment,
    params(("id" = AdjustmentId, Path, description = "The case"), IfMatchHeader),
    responses((status = 200, description = "The register has changed", body = view::AdjustmentWithSteps)))]
#[post("/adjustments/{id}/approve")]
async fn approve_adjustment(
    grant: Grant<DecideAdjustment>,
    app: web::Data<App>,
    id: web::Path<AdjustmentId>,
    seen: IfMatch,
    wanted: Body<view::SayToAdjustment>,
) -> Result<HttpResponse, Failure> {
    let removal = app.part::<Removal>()?;
    let act = async |tx: &_| service::approve(tx, (&app.secrets, removal), &grant, (*id, seen), &wanted.0).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}

/// Refuse a case as the county, which ends it (县级不予通过).
#[utoipa::path(tag = "adjustments", request_body = view::SayToAdjustment,
    params(("id" = AdjustmentId, Path, description = "The case"), IfMatchHeader),
    responses((status = 200, description = "The case has ended", body = view::AdjustmentWithSteps)))]
#[post("/adjustments/{id}/refuse")]
async fn refuse_adjustment(
    grant: Grant<DecideAdjustment>,
    app: web::Data<App>,
    id: web::Path<AdjustmentId>,
    seen: IfMatch,
    wanted: Body<view::SayToAdjustment>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::refuse(tx, &app.secrets, &grant, (*id, seen), &wanted.0).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}

/// Take a case back before it is handed to the township (撤回).
#[utoipa::path(tag = "adjustments", request_body = view::SayToAdjustment,
    params(("id" = AdjustmentId, Path, description = "The case"), IfMatchHeader),
    responses((status = 200, description = "The case has ended", body = view::AdjustmentWithSteps)))]
#[post("/adjustments/{id}/withdraw")]
async fn withdraw_adjustment(
    grant: Grant<OpenAdjustment>,
    app: web::Data<App>,
    id: web::Path<AdjustmentId>,
    seen: IfMatch,
    wanted: Body<view::SayToAdjustment>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::withdraw(tx, &app.secrets, &grant, (*id, seen), &wanted.0).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}

/// Answer an objection, from above the village: when it is so the case ends, when it is not the clocks go on (异议处理).
#[utoipa::path(tag = "adjustments", request_body = view::AnswerAdjustmentObjection,
    params(
        ("id" = AdjustmentId, Path, description = "The case"),
        ("objection_id" = AdjustmentObjectionId, Path, description = "The objection"),
        IfMatchHeader,
    ),
    responses((status = 200, description = "Answered", body = view::AdjustmentWithSteps)))]
#[post("/adjustments/{id}/objections/{objection_id}/answer")]
async fn answer_adjustment_objection(
    grant: Grant<AnswerAdjustmentObjection>,
    app: web::Data<App>,
    ids: web::Path<(AdjustmentId, AdjustmentObjectionId)>,
    seen: IfMatch,
    wanted: Body<view::AnswerAdjustmentObjection>,
) -> Result<HttpResponse, Failure> {
    let (id, objection) = ids.into_inner();
    let act = async |tx: &_| service::answer(tx, &app.secrets, &grant, (id, objection, seen), &wanted.0).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}

/// Read what hangs on a village's notice board now (村内公示): a few fixed fields, names masked.
#[utoipa::path(tag = "adjustments",
    params(("id" = OrganisationId, Path, description = "The village committee"), PageQuery),
    responses((status = 200, description = "What hangs there, newest first", body = Page<view::PublicNotice>)))]
#[get("/villages/{id}/publicities")]
async fn list_village_publicities(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    id: web::Path<OrganisationId>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::notice_board(app.reader(), *id, &page.0).await?))
}
