//! Papers over HTTP.

use super::service::Press;
use super::typeset::Typesetter;
use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{IssuePaper, ReadPublic, ViewOrder};
use crate::app::App;
use crate::http::{IdempotencyHeader, Once, Page, Query};
use crate::problem::Failure;
use actix_web::http::header;
use actix_web::{HttpResponse, get, post, web};
use entity::value::{PaperId, SupplierOrderId};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(issue_paper)
        .service(issue_statement)
        .service(list_papers)
        .service(get_paper)
        .service(get_paper_file)
        .service(check_paper);
}

fn press(app: &App) -> Result<Press<'_>, Failure> {
    let daily_ppm = app.config.late_interest.late_interest_ppm;
    Ok(Press { typesetter: app.part::<Typesetter>()?, address: app.config.public_address(), daily_ppm })
}

/// Issue a paper of an order: its contract, the proof by which its money is asked for, or an acceptance form (出具单据).
///
/// It is made from the data alone; the same again is the same paper.
#[utoipa::path(tag = "papers", request_body = view::IssuePaper,
    params(("id" = SupplierOrderId, Path, description = "The supplier order"), IdempotencyHeader),
    responses((status = 201, description = "The paper", body = view::Paper)))]
#[post("/supplier-orders/{id}/papers")]
async fn issue_paper(
    grant: Grant<IssuePaper>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
    wanted: Once<view::IssuePaper>,
) -> Result<HttpResponse, Failure> {
    let press = press(&app)?;
    let act = async |tx: &_| service::issue(tx, &grant, *id, wanted.body, &press).await;
    Ok(app.transact_once(grant.actor(), &wanted.key, 201, act).await?.into_response())
}

/// Issue a statement of account between your organisation and the other side of your orders (对账单).
#[utoipa::path(tag = "papers", request_body = view::IssueStatement, params(IdempotencyHeader),
    responses((status = 201, description = "The paper", body = view::Paper)))]
#[post("/account-statements")]
async fn issue_statement(
    grant: Grant<IssuePaper>,
    app: web::Data<App>,
    wanted: Once<view::IssueStatement>,
) -> Result<HttpResponse, Failure> {
    let press = press(&app)?;
    let act = async |tx: &_| service::issue_statement(tx, &grant, wanted.body, &press).await;
    Ok(app.transact_once(grant.actor(), &wanted.key, 201, act).await?.into_response())
}

/// List papers of orders in reach, newest first.
#[utoipa::path(tag = "papers", params(view::PaperFilter),
    responses((status = 200, description = "A page of papers", body = Page<view::Paper>)))]
#[get("/papers")]
async fn list_papers(
    grant: Grant<ViewOrder>,
    app: web::Data<App>,
    wanted: Query<view::PaperFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, wanted.0).await?))
}

/// Show a paper.
#[utoipa::path(tag = "papers", params(("id" = PaperId, Path, description = "The paper")),
    responses((status = 200, description = "The paper", body = view::Paper)))]
#[get("/papers/{id}")]
async fn get_paper(
    grant: Grant<ViewOrder>,
    app: web::Data<App>,
    id: web::Path<PaperId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::show(app.reader(), &grant, *id).await?))
}

/// Get the file of a paper: the same bytes each time.
#[utoipa::path(tag = "papers", params(("id" = PaperId, Path, description = "The paper")),
    responses(
        (status = 200, description = "The paper as PDF", body = Vec<u8>, content_type = "application/pdf"),
        (status = 409, description = "The font is another than when it was issued; issue it anew"),
    ))]
#[get("/papers/{id}/file")]
async fn get_paper_file(
    grant: Grant<ViewOrder>,
    app: web::Data<App>,
    id: web::Path<PaperId>,
) -> Result<HttpResponse, Failure> {
    let (number, pdf) = service::file(app.reader(), &grant, *id, &press(&app)?).await?;
    let name = format!("attachment; filename=\"{number}.pdf\"");
    Ok(HttpResponse::Ok().content_type("application/pdf").insert_header((header::CONTENT_DISPOSITION, name)).body(pdf))
}

/// Check a paper by the code printed on it (单据查验).
#[utoipa::path(tag = "papers", params(("code" = String, Path, description = "The code, with or without dashes")),
    responses((status = 200, description = "What the code stands for", body = view::PaperCheck)))]
#[get("/paper-checks/{code}")]
async fn check_paper(
    grant: Grant<ReadPublic>,
    app: web::Data<App>,
    code: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::check(app.reader(), &grant, &code).await?))
}
