//! Admissions over HTTP.

use super::{service, standing, view};
use crate::access::Grant;
use crate::access::policy::{
    ApplyForAdmission, ReviewAdmissionAsAgriculture, ReviewAdmissionAsPlatform, ReviewAdmissionAsRevitalisation,
    ViewAdmission,
};
use crate::app::App;
use crate::db::Tx;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, patch, post, put, web};
use entity::value::{AdmissionId, DocumentKind, business_date};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(begin_admission)
        .service(list_admissions)
        .service(get_admission)
        .service(change_admission)
        .service(put_admission_document)
        .service(submit_admission)
        .service(decide_admission_as_agriculture)
        .service(decide_admission_as_revitalisation)
        .service(decide_admission_as_platform)
        .service(renew_admission_document)
        .service(get_admission_checklist)
        .service(decide_standing);
}

fn answer(status: StatusCode, shown: &view::Admission) -> HttpResponse {
    tagged(status, shown.version, shown)
}

/// Begin the organisation's application for admission (入驻申请).
#[utoipa::path(tag = "admissions", request_body = view::BeginAdmission,
    responses((status = 201, description = "The application, a draft", body = view::Admission)))]
#[post("/admissions")]
async fn begin_admission(
    grant: Grant<ApplyForAdmission>,
    app: web::Data<App>,
    wanted: Body<view::BeginAdmission>,
) -> Result<HttpResponse, Failure> {
    let shown = app.transact(grant.actor(), async |tx| service::begin(tx, &grant, &wanted.0).await).await?;
    Ok(answer(StatusCode::CREATED, &shown))
}

/// List the applications in your reach, newest first.
#[utoipa::path(tag = "admissions", params(view::ListAdmissions),
    responses((status = 200, description = "A page of applications", body = Page<view::AdmissionSummary>)))]
#[get("/admissions")]
async fn list_admissions(
    grant: Grant<ViewAdmission>,
    app: web::Data<App>,
    wanted: Query<view::ListAdmissions>,
) -> Result<HttpResponse, Failure> {
    let view::ListAdmissions { state, limit, cursor } = wanted.0;
    let page = PageQuery { limit, cursor };
    let found = service::list(app.reader(), &grant, state, page.after()?, page.limit()?).await?;
    Ok(HttpResponse::Ok().json(found))
}

/// Show an application with its documents, what is missing, and the decisions on it.
#[utoipa::path(tag = "admissions", params(("id" = AdmissionId, Path, description = "The application")),
    responses((status = 200, description = "The application", body = view::Admission)))]
#[get("/admissions/{id}")]
async fn get_admission(
    grant: Grant<ViewAdmission>,
    app: web::Data<App>,
    id: web::Path<AdmissionId>,
) -> Result<HttpResponse, Failure> {
    Ok(answer(StatusCode::OK, &service::get(app.reader(), &grant, *id).await?))
}

/// Change what an application says; a draft or one that was returned.
#[utoipa::path(tag = "admissions", request_body = view::ChangeAdmission,
    params(("id" = AdmissionId, Path, description = "The application"), IfMatchHeader),
    responses((status = 200, description = "The application", body = view::Admission)))]
#[patch("/admissions/{id}")]
async fn change_admission(
    grant: Grant<ApplyForAdmission>,
    app: web::Data<App>,
    id: web::Path<AdmissionId>,
    seen: IfMatch,
    wanted: Body<view::ChangeAdmission>,
) -> Result<HttpResponse, Failure> {
    let shown = app.transact(grant.actor(), async |tx| service::change(tx, &grant, *id, seen, &wanted.0).await).await?;
    Ok(answer(StatusCode::OK, &shown))
}

/// Hand in an uploaded file as one of the documents; it takes the place of the one before.
#[utoipa::path(tag = "admissions", request_body = view::PutDocument,
    params(("id" = AdmissionId, Path, description = "The application"),
        ("kind" = DocumentKind, Path, description = "Which document it is"), IfMatchHeader),
    responses((status = 200, description = "The application", body = view::Admission)))]
#[put("/admissions/{id}/documents/{kind}")]
async fn put_admission_document(
    grant: Grant<ApplyForAdmission>,
    app: web::Data<App>,
    path: web::Path<(AdmissionId, DocumentKind)>,
    seen: IfMatch,
    wanted: Body<view::PutDocument>,
) -> Result<HttpResponse, Failure> {
    let (id, kind) = path.into_inner();
    let work = async |tx: &Tx| service::put_document(tx, &grant, id, kind, seen, &wanted.0).await;
    let shown = app.transact(grant.actor(), work).await?;
    Ok(answer(StatusCode::OK, &shown))
}

/// Put a newer paper in the place of one of an admitted supplier (换证); what was held back because it had ended
/// returns.
#[utoipa::path(tag = "admissions", request_body = view::PutDocument,
    params(("id" = AdmissionId, Path, description = "The application"),
        ("kind" = DocumentKind, Path, description = "Which document it is"), IfMatchHeader),
    responses((status = 200, description = "The application", body = view::Admission)))]
#[post("/admissions/{id}/documents/{kind}/renewal")]
async fn renew_admission_document(
    grant: Grant<ApplyForAdmission>,
    app: web::Data<App>,
    path: web::Path<(AdmissionId, DocumentKind)>,
    seen: IfMatch,
    wanted: Body<view::PutDocument>,
) -> Result<HttpResponse, Failure> {
    let (id, kind) = path.into_inner();
    let work = async |tx: &Tx| service::renew_document(tx, &grant, id, kind, seen, &wanted.0).await;
    let shown = app.transact(grant.actor(), work).await?;
    Ok(answer(StatusCode::OK, &shown))
}

/// Show what an application needs and how it is with each item (材料清单).
#[utoipa::path(tag = "admissions", params(("id" = AdmissionId, Path, description = "The application")),
    responses((status = 200, description = "Every item, with what is wrong with it", body = view::Checklist)))]
#[get("/admissions/{id}/checklist")]
async fn get_admission_checklist(
    grant: Grant<ViewAdmission>,
    app: web::Data<App>,
    id: web::Path<AdmissionId>,
) -> Result<HttpResponse, Failure> {
    let today = business_date(app.clock.now());
    Ok(HttpResponse::Ok().json(service::checklist(app.reader(), &grant, *id, today).await?))
}

/// Suspend, reinstate or strike off a supplier, or let it apply again (暂停、恢复、清退).
#[utoipa::path(tag = "admissions", request_body = view::StandingDecision,
    params(("id" = AdmissionId, Path, description = "The application"), IfMatchHeader),
    responses((status = 200, description = "The application, decided on", body = view::Admission)))]
#[post("/admissions/{id}/standing")]
async fn decide_standing(
    grant: Grant<ReviewAdmissionAsPlatform>,
    app: web::Data<App>,
    id: web::Path<AdmissionId>,
    seen: IfMatch,
    wanted: Body<view::StandingDecision>,
) -> Result<HttpResponse, Failure> {
    let work = async |tx: &Tx| standing::decide_standing(tx, &grant, *id, seen, &wanted.0).await;
    let shown = app.transact(grant.actor(), work).await?;
    Ok(answer(StatusCode::OK, &shown))
}

/// Hand the application in for review; everything that is missing is named.
#[utoipa::path(tag = "admissions",
    params(("id" = AdmissionId, Path, description = "The application"), IfMatchHeader),
    responses((status = 200, description = "The application, submitted", body = view::Admission)))]
#[post("/admissions/{id}/submit")]
async fn submit_admission(
    grant: Grant<ApplyForAdmission>,
    app: web::Data<App>,
    id: web::Path<AdmissionId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let shown = app.transact(grant.actor(), async |tx| service::submit(tx, &grant, *id, seen).await).await?;
    Ok(answer(StatusCode::OK, &shown))
}

/// Recommend or return an application as the county's agriculture office (农业农村部门推荐).
#[utoipa::path(tag = "admissions", request_body = view::CountyDecision,
    params(("id" = AdmissionId, Path, description = "The application"), IfMatchHeader),
    responses((status = 200, description = "The application, decided on", body = view::Admission)))]
#[post("/admissions/{id}/agriculture-decision")]
async fn decide_admission_as_agriculture(
    grant: Grant<ReviewAdmissionAsAgriculture>,
    app: web::Data<App>,
    id: web::Path<AdmissionId>,
    seen: IfMatch,
    wanted: Body<view::CountyDecision>,
) -> Result<HttpResponse, Failure> {
    let shown = app
        .transact(grant.actor(), async |tx| service::decide_as_agriculture(tx, &grant, *id, seen, &wanted.0).await)
        .await?;
    Ok(answer(StatusCode::OK, &shown))
}

/// Recommend or return an application as the county's rural-revitalisation office (乡村振兴部门推荐).
#[utoipa::path(tag = "admissions", request_body = view::CountyDecision,
    params(("id" = AdmissionId, Path, description = "The application"), IfMatchHeader),
    responses((status = 200, description = "The application, decided on", body = view::Admission)))]
#[post("/admissions/{id}/revitalisation-decision")]
async fn decide_admission_as_revitalisation(
    grant: Grant<ReviewAdmissionAsRevitalisation>,
    app: web::Data<App>,
    id: web::Path<AdmissionId>,
    seen: IfMatch,
    wanted: Body<view::CountyDecision>,
) -> Result<HttpResponse, Failure> {
    let shown = app
        .transact(grant.actor(), async |tx| service::decide_as_revitalisation(tx, &grant, *id, seen, &wanted.0).await)
        .await?;
    Ok(answer(StatusCode::OK, &shown))
}

/// Admit the applicant or return the application, as the platform (平台审核).
#[utoipa::path(tag = "admissions", request_body = view::PlatformDecision,
    params(("id" = AdmissionId, Path, description = "The application"), IfMatchHeader),
    responses((status = 200, description = "The application, decided on", body = view::Admission)))]
#[post("/admissions/{id}/platform-decision")]
async fn decide_admission_as_platform(
    grant: Grant<ReviewAdmissionAsPlatform>,
    app: web::Data<App>,
    id: web::Path<AdmissionId>,
    seen: IfMatch,
    wanted: Body<view::PlatformDecision>,
) -> Result<HttpResponse, Failure> {
    let shown = app
        .transact(grant.actor(), async |tx| service::decide_as_platform(tx, &grant, *id, seen, &wanted.0).await)
        .await?;
    Ok(answer(StatusCode::OK, &shown))
}
