//! Reports over HTTP.

use super::view::{
    AskReport, CompareQuery, ReportComparison, ReportDefinitions, ReportDetail, ReportRun, ReportSource, SourceQuery,
};
use super::{behind, service, sheet};
use crate::access::Grant;
use crate::access::policy::{RunReport, ViewReport};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, PageQuery, Query, tagged};
use crate::paper::Typesetter;
use crate::problem::Failure;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, get, post, web};
use entity::value::ReportRunId;
use utoipa_actix_web::service_config::ServiceConfig;

/// What a page of a report may load: its own styles, and nothing from anywhere.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; \
                           form-action 'none'";

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_report_definitions)
        .service(ask_report)
        .service(list_reports)
        .service(get_report)
        .service(retry_report)
        .service(get_report_paper)
        .service(get_report_csv)
        .service(get_report_sheet)
        .service(get_report_page)
        .service(compare_reports)
        .service(list_report_sources);
}

/// List the reports that there are, with the rule of each (报表目录).
#[utoipa::path(tag = "reports",
    responses((status = 200, description = "The definitions in the version that holds", body = ReportDefinitions)))]
#[get("/report-definitions")]
async fn list_report_definitions(_grant: Grant<ViewReport>) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::definitions()))
}

/// Ask for a report over any span of days; it is done in the background (生成报表).
#[utoipa::path(tag = "reports", request_body = AskReport,
    responses((status = 201, description = "It waits; look at its progress", body = ReportRun)))]
#[post("/reports")]
async fn ask_report(
    grant: Grant<RunReport>,
    app: web::Data<App>,
    wanted: Body<AskReport>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::ask(tx, &grant, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(made))
}

/// List reports of your organisation, newest first.
#[utoipa::path(tag = "reports", params(PageQuery),
    responses((status = 200, description = "A page of reports", body = Page<ReportRun>)))]
#[get("/reports")]
async fn list_reports(
    grant: Grant<ViewReport>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &page.0).await?))
}

/// Show a report: its progress, and once it is done its table, its seal and its hash.
#[utoipa::path(tag = "reports", params(("id" = ReportRunId, Path, description = "The report")),
    responses((status = 200, description = "The report", body = ReportDetail)))]
#[get("/reports/{id}")]
async fn get_report(
    grant: Grant<ViewReport>,
    app: web::Data<App>,
    id: web::Path<ReportRunId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(&app, &grant, *id).await?;
    Ok(tagged(StatusCode::OK, shown.run.version, &shown))
}

/// Have a report that failed done again (重新生成).
#[utoipa::path(tag = "reports", params(("id" = ReportRunId, Path, description = "The report"), IfMatchHeader),
    responses(
        (status = 200, description = "It waits again", body = ReportRun),
        (status = 409, description = "It has not failed"),
    ))]
#[post("/reports/{id}/retry")]
async fn retry_report(
    grant: Grant<RunReport>,
    app: web::Data<App>,
    id: web::Path<ReportRunId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let run = app.transact(grant.actor(), async |tx| service::retry(tx, &grant, *id, seen).await).await?;
    Ok(tagged(StatusCode::OK, run.version, &run))
}

fn attachment(id: ReportRunId, ending: &str) -> (header::HeaderName, String) {
    (header::CONTENT_DISPOSITION, format!("attachment; filename=\"report-{id}.{ending}\""))
}

/// Get a report as comma-separated values.
#[utoipa::path(tag = "reports", params(("id" = ReportRunId, Path, description = "The report")),
    responses(
        (status = 200, description = "The table", body = String, content_type = "text/csv"),
        (status = 409, description = "It is not done"),
    ))]
#[get("/reports/{id}/csv")]
async fn get_report_csv(
    grant: Grant<ViewReport>,
    app: web::Data<App>,
    id: web::Path<ReportRunId>,
) -> Result<HttpResponse, Failure> {
    let report = service::done(&app, &grant, *id).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(attachment(*id, "csv"))
        .body(sheet::csv(&report)?))
}

/// Get a report as a sheet.
#[utoipa::path(tag = "reports", params(("id" = ReportRunId, Path, description = "The report")),
    responses(
        (status = 200, description = "The table as .xlsx", body = Vec<u8>,
            content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = 409, description = "It is not done"),
    ))]
#[get("/reports/{id}/xlsx")]
async fn get_report_sheet(
    grant: Grant<ViewReport>,
    app: web::Data<App>,
    id: web::Path<ReportRunId>,
) -> Result<HttpResponse, Failure> {
    let report = service::done(&app, &grant, *id).await?;
    Ok(HttpResponse::Ok().content_type(sheet::XLSX).insert_header(attachment(*id, "xlsx")).body(sheet::sheet(&report)?))
}

/// Get a report as a page to be printed, with a chart.
#[utoipa::path(tag = "reports", params(("id" = ReportRunId, Path, description = "The report")),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html"),
        (status = 409, description = "It is not done"),
    ))]
#[get("/reports/{id}/page")]
async fn get_report_page(
    grant: Grant<ViewReport>,
    app: web::Data<App>,
    id: web::Path<ReportRunId>,
) -> Result<HttpResponse, Failure> {
    let report = service::done(&app, &grant, *id).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .body(sheet::page(&report)?))
}

/// Get a report as PDF, with the code of its snapshot: the same bytes each time (打印稿).
#[utoipa::path(tag = "reports", params(("id" = ReportRunId, Path, description = "The report")),
    responses(
        (status = 200, description = "The table", body = Vec<u8>, content_type = "application/pdf"),
        (status = 409, description = "It is not done"),
    ))]
#[get("/reports/{id}/pdf")]
async fn get_report_paper(
    grant: Grant<ViewReport>,
    app: web::Data<App>,
    id: web::Path<ReportRunId>,
) -> Result<HttpResponse, Failure> {
    let report = service::done(&app, &grant, *id).await?;
    let pdf = sheet::pdf(&report, app.part::<Typesetter>()?, &app.config.public_address())?;
    Ok(HttpResponse::Ok().content_type("application/pdf").insert_header(attachment(*id, "pdf")).body(pdf))
}

/// Compare two snapshots of one report line by line.
#[utoipa::path(tag = "reports", params(("id" = ReportRunId, Path, description = "The earlier report"), CompareQuery),
    responses(
        (status = 200, description = "Each line of both, and by how much it moved", body = ReportComparison),
        (status = 409, description = "One of them is not done"),
        (status = 422, description = "They are not of one kind and rule"),
    ))]
#[get("/reports/{id}/comparison")]
async fn compare_reports(
    grant: Grant<ViewReport>,
    app: web::Data<App>,
    id: web::Path<ReportRunId>,
    wanted: Query<CompareQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::compare(&app, &grant, *id, &wanted.0).await?))
}

/// List the documents behind a line of a report, with what each adds to it: orders as they stood under its seal, units,
/// help, clues, measures and households (数据来源).
#[utoipa::path(tag = "reports", params(("id" = ReportRunId, Path, description = "The report"), SourceQuery),
    responses(
        (status = 200, description = "A page of documents; none for a line that is not in the report", body = Page<ReportSource>),
        (status = 409, description = "It is not done"),
    ))]
#[get("/reports/{id}/sources")]
async fn list_report_sources(
    grant: Grant<ViewReport>,
    app: web::Data<App>,
    id: web::Path<ReportRunId>,
    wanted: Query<SourceQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(behind::sources(&app, &grant, *id, &wanted.0).await?))
}
