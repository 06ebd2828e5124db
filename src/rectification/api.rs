//! Findings over HTTP.

use super::{rules, service, view};
use crate::access::Grant;
use crate::access::policy::{
    AssignFinding, CloseFinding, EnterFinding, KeepFindingRule, SubmitFinding, ViewFinding, ViewFindingRule,
    ViewRectification,
};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, put, web};
use entity::value::{AreaCode, FindingId, FindingRuleKind, TaskStep, business_date};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(enter_finding)
        .service(list_findings)
        .service(get_finding)
        .service(assign_finding_task)
        .service(submit_finding_task)
        .service(close_finding_task)
        .service(return_finding_task)
        .service(get_rectification_bulletin)
        .service(get_identification_quality)
        .service(list_finding_rules)
        .service(set_finding_rule);
}

fn answered(status: StatusCode, shown: &view::FindingWithTasks) -> HttpResponse {
    tagged(status, shown.finding.version, shown)
}

/// Enter what an audit, an inspection or a rule found (问题登记).
#[utoipa::path(tag = "rectification", request_body = view::NewFinding, responses(
    (status = 201, description = "Entered", body = view::FindingWithTasks),
))]
#[post("/findings")]
async fn enter_finding(
    grant: Grant<EnterFinding>,
    app: web::Data<App>,
    wanted: Body<view::NewFinding>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::enter(tx, &grant, &wanted.0).await).await?;
    Ok(answered(StatusCode::CREATED, &made))
}

/// List findings in reach, newest first; `overdue=true` for those with a late task.
#[utoipa::path(tag = "rectification", params(view::FindingQuery), responses(
    (status = 200, description = "A page of findings", body = Page<view::Finding>),
))]
#[get("/findings")]
async fn list_findings(
    grant: Grant<ViewFinding>,
    app: web::Data<App>,
    wanted: Query<view::FindingQuery>,
) -> Result<HttpResponse, Failure> {
    let today = business_date(app.clock.now());
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &wanted.0, today).await?))
}

/// Show a finding with its tasks and their steps.
#[utoipa::path(tag = "rectification", params(("id" = FindingId, Path, description = "The finding")), responses(
    (status = 200, description = "The finding", body = view::FindingWithTasks),
))]
#[get("/findings/{id}")]
async fn get_finding(
    grant: Grant<ViewFinding>,
    app: web::Data<App>,
    id: web::Path<FindingId>,
) -> Result<HttpResponse, Failure> {
    let today = business_date(app.clock.now());
    Ok(answered(StatusCode::OK, &service::show(app.reader(), &grant, *id, today).await?))
}

/// Give a task that follows from a finding to an organisation of the county, with a day (下达整改任务).
#[utoipa::path(
    tag = "rectification",
    params(("id" = FindingId, Path, description = "The finding"), IfMatchHeader),
    request_body = view::NewTask,
    responses((status = 201, description = "The finding as it is now", body = view::FindingWithTasks))
)]
#[post("/findings/{id}/tasks")]
async fn assign_finding_task(
    grant: Grant<AssignFinding>,
    app: web::Data<App>,
    id: web::Path<FindingId>,
    seen: IfMatch,
    wanted: Body<view::NewTask>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::assign(tx, &grant, (*id, seen), &wanted.0).await;
    Ok(answered(StatusCode::CREATED, &app.transact(grant.actor(), act).await?))
}

/// Say that a task of yours is done, with the file that shows it (提交整改佐证).
#[utoipa::path(
    tag = "rectification",
    params(
        ("id" = FindingId, Path, description = "The finding"),
        ("number" = i32, Path, description = "The task"),
        IfMatchHeader,
    ),
    request_body = view::SubmitTask,
    responses((status = 200, description = "Somebody else is to close it", body = view::FindingWithTasks))
)]
#[post("/findings/{id}/tasks/{number}/submit")]
async fn submit_finding_task(
    grant: Grant<SubmitFinding>,
    app: web::Data<App>,
    place: web::Path<(FindingId, i32)>,
    seen: IfMatch,
    wanted: Body<view::SubmitTask>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::submit(tx, &grant, *place, seen, &wanted.0).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}

/// Close a task that was shown to be done (销号); not whoever said that it is.
#[utoipa::path(
    tag = "rectification",
    params(
        ("id" = FindingId, Path, description = "The finding"),
        ("number" = i32, Path, description = "The task"),
        IfMatchHeader,
    ),
    request_body = view::SayToTask,
    responses((status = 200, description = "Closed; the finding with its last task", body = view::FindingWithTasks))
)]
#[post("/findings/{id}/tasks/{number}/close")]
async fn close_finding_task(
    grant: Grant<CloseFinding>,
    app: web::Data<App>,
    place: web::Path<(FindingId, i32)>,
    seen: IfMatch,
    wanted: Body<view::SayToTask>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::conclude(tx, &grant, *place, seen, (TaskStep::Close, &wanted.0)).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}

/// Return a task that was said to be done and is not (退回); not whoever said that it is.
#[utoipa::path(
    tag = "rectification",
    params(
        ("id" = FindingId, Path, description = "The finding"),
        ("number" = i32, Path, description = "The task"),
        IfMatchHeader,
    ),
    request_body = view::SayToTask,
    responses((status = 200, description = "It is open again", body = view::FindingWithTasks))
)]
#[post("/findings/{id}/tasks/{number}/return")]
async fn return_finding_task(
    grant: Grant<CloseFinding>,
    app: web::Data<App>,
    place: web::Path<(FindingId, i32)>,
    seen: IfMatch,
    wanted: Body<view::SayToTask>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::conclude(tx, &grant, *place, seen, (TaskStep::Return, &wanted.0)).await;
    Ok(answered(StatusCode::OK, &app.transact(grant.actor(), act).await?))
}

/// Show how many findings are open and how many tasks late, by county (整改通报).
#[utoipa::path(tag = "rectification", responses(
    (status = 200, description = "The counties in reach, most late tasks first", body = view::RectificationBulletin),
))]
#[get("/rectification-bulletin")]
async fn get_rectification_bulletin(
    grant: Grant<ViewRectification>,
    app: web::Data<App>,
) -> Result<HttpResponse, Failure> {
    let today = business_date(app.clock.now());
    Ok(HttpResponse::Ok().json(service::bulletin(app.reader(), &grant, today).await?))
}

/// Show how well households are identified: the rates of omission and of wrong exit, by county, from decided cases
/// (漏评率、错退率).
#[utoipa::path(tag = "rectification", params(view::QualityQuery), responses(
    (status = 200, description = "The counties in reach", body = view::IdentificationQuality),
))]
#[get("/identification-quality")]
async fn get_identification_quality(
    grant: Grant<ViewRectification>,
    app: web::Data<App>,
    wanted: Query<view::QualityQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::quality(app.reader(), &grant, &wanted.0).await?))
}

/// Show what a county has looked at by itself and enters as findings, kind by kind (规则筛查设置).
#[utoipa::path(tag = "rectification", params(("code" = AreaCode, Path, description = "The county")), responses(
    (status = 200, description = "One setting a kind; `version` 0 where it was never set", body = view::FindingRules),
))]
#[get("/counties/{code}/finding-rules")]
async fn list_finding_rules(
    grant: Grant<ViewFindingRule>,
    app: web::Data<App>,
    code: web::Path<AreaCode>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(rules::show(app.reader(), &grant, &code).await?))
}

/// Set what the county has looked at every night: a new version with its reason; the one before stays on record.
#[utoipa::path(
    tag = "rectification",
    params(
        ("code" = AreaCode, Path, description = "The county"),
        ("kind" = FindingRuleKind, Path, description = "What is looked for"),
        IfMatchHeader,
    ),
    request_body = view::SetFindingRule,
    responses((status = 200, description = "It holds from tonight on", body = view::FindingRule))
)]
#[put("/counties/{code}/finding-rules/{kind}")]
async fn set_finding_rule(
    grant: Grant<KeepFindingRule>,
    app: web::Data<App>,
    place: web::Path<(AreaCode, FindingRuleKind)>,
    seen: IfMatch,
    wanted: Body<view::SetFindingRule>,
) -> Result<HttpResponse, Failure> {
    let (code, kind) = place.into_inner();
    let act = async |tx: &_| rules::set(tx, &grant, (&code, kind, seen), &wanted.0).await;
    let now = app.transact(grant.actor(), act).await?;
    Ok(tagged(StatusCode::OK, now.version, &now))
}
