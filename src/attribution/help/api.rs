//! Help that carries no money over HTTP.

use super::error::HelpError;
use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{KeepHelp, ViewHelp};
use crate::app::App;
use crate::http::{Body, Page, Query};
use crate::problem::Failure;
use actix_web::{HttpResponse, get, post, web};
use entity::value::HelpRecordId;

/// Registers every operation on help.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(record_help).service(list_help).service(get_help);
}

/// Record help that carries no money: training, seed, guidance (登记帮扶).
#[utoipa::path(
    tag = "agreements",
    request_body = view::RecordHelp,
    responses((status = 201, description = "Recorded", body = view::HelpRecord))
)]
#[post("/help-records")]
async fn record_help(
    grant: Grant<KeepHelp>,
    app: web::Data<App>,
    wanted: Body<view::RecordHelp>,
) -> Result<HttpResponse, Failure> {
    let record = app
        .transact(grant.actor(), async |tx| -> Result<_, HelpError> {
            let id = service::record(tx, &grant, &wanted.0).await?;
            service::show(tx, grant.scope(), id).await
        })
        .await?;
    Ok(HttpResponse::Created().json(record))
}

/// List help that carries no money, newest first.
#[utoipa::path(
    tag = "agreements",
    params(view::HelpQuery),
    responses((status = 200, description = "A page of records", body = Page<view::HelpRecord>))
)]
#[get("/help-records")]
async fn list_help(
    grant: Grant<ViewHelp>,
    app: web::Data<App>,
    query: Query<view::HelpQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), grant.scope(), &query.0).await?))
}

/// Show a record of help.
#[utoipa::path(
    tag = "agreements",
    params(("id" = HelpRecordId, Path, description = "The record")),
    responses((status = 200, description = "The record", body = view::HelpRecord))
)]
#[get("/help-records/{id}")]
async fn get_help(
    grant: Grant<ViewHelp>,
    app: web::Data<App>,
    id: web::Path<HelpRecordId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::show(app.reader(), grant.scope(), id.into_inner()).await?))
}
