//! Comparisons over HTTP.

use super::{read, service, view};
use crate::access::Grant;
use crate::access::policy::{DecideComparison, UploadComparison, ViewComparison};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::{ComparisonFlagId, ComparisonId};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(compare_file)
        .service(list_comparisons)
        .service(get_comparison)
        .service(list_comparison_flags)
        .service(get_comparison_flag)
        .service(decide_comparison_flag);
}

/// Compare a department's file with the register of your county (部门数据比对).
///
/// A `.csv` or `.xlsx` sheet of at most 32 MiB with a column of identity numbers. The file is not kept, and nothing is of
/// whoever is not in the register; whoever is becomes a flag, which somebody else decides.
#[utoipa::path(
    tag = "comparisons",
    params(view::NewComparison),
    request_body(description = "The sheet.", content(
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    )),
    responses((status = 201, description = "Compared", body = view::DepartmentComparison))
)]
#[post("/comparisons")]
async fn compare_file(
    grant: Grant<UploadComparison>,
    app: web::Data<App>,
    wanted: Query<view::NewComparison>,
    body: web::Payload,
) -> Result<HttpResponse, Failure> {
    let content = read::receive(body).await?;
    Ok(HttpResponse::Created().json(service::compare(&app, &grant, &wanted.0, content).await?))
}

/// List files that were compared with the registers in reach, newest first.
#[utoipa::path(tag = "comparisons", params(PageQuery), responses(
    (status = 200, description = "A page of files", body = Page<view::DepartmentComparison>),
))]
#[get("/comparisons")]
async fn list_comparisons(
    grant: Grant<ViewComparison>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &page.0).await?))
}

/// Show what a file came to.
#[utoipa::path(tag = "comparisons", params(("id" = ComparisonId, Path, description = "The file")), responses(
    (status = 200, description = "The file", body = view::DepartmentComparison),
))]
#[get("/comparisons/{id}")]
async fn get_comparison(
    grant: Grant<ViewComparison>,
    app: web::Data<App>,
    id: web::Path<ComparisonId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::show(app.reader(), &grant, *id).await?))
}

/// List who of the registers in reach stands in a department's file, masked, newest first (比对疑点).
#[utoipa::path(tag = "comparisons", params(view::ComparisonFlagQuery), responses(
    (status = 200, description = "A page of flags", body = Page<view::ComparisonFlag>),
))]
#[get("/comparison-flags")]
async fn list_comparison_flags(
    grant: Grant<ViewComparison>,
    app: web::Data<App>,
    wanted: Query<view::ComparisonFlagQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list_flags(app.reader(), &app.secrets, &grant, &wanted.0).await?))
}

/// Show a flag.
#[utoipa::path(tag = "comparisons", params(("id" = ComparisonFlagId, Path, description = "The flag")), responses(
    (status = 200, description = "The flag", body = view::ComparisonFlag),
))]
#[get("/comparison-flags/{id}")]
async fn get_comparison_flag(
    grant: Grant<ViewComparison>,
    app: web::Data<App>,
    id: web::Path<ComparisonFlagId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show_flag(app.reader(), &app.secrets, &grant, *id).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// Decide whether what a department's file says of somebody is so, with a reason (疑点核实).
///
/// Not whoever sent the file. Nothing is taken from the household by it.
#[utoipa::path(
    tag = "comparisons",
    params(("id" = ComparisonFlagId, Path, description = "The flag"), IfMatchHeader),
    request_body = view::DecideComparisonFlag,
    responses((status = 200, description = "Decided", body = view::ComparisonFlag))
)]
#[post("/comparison-flags/{id}/decide")]
async fn decide_comparison_flag(
    grant: Grant<DecideComparison>,
    app: web::Data<App>,
    id: web::Path<ComparisonFlagId>,
    seen: IfMatch,
    wanted: Body<view::DecideComparisonFlag>,
) -> Result<HttpResponse, Failure> {
    let act = async |tx: &_| service::decide(tx, &app.secrets, &grant, (*id, seen), &wanted.0).await;
    let decided = app.transact(grant.actor(), act).await?;
    Ok(tagged(StatusCode::OK, decided.version, &decided))
}
