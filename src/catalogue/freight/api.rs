//! Freight over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{KeepProduct, ReadPublic};
use crate::app::App;
use crate::http::Body;
use crate::problem::Failure;
use actix_web::{HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(add_freight_template).service(list_freight_templates).service(quote_freight);
}

/// Keep a freight template (运费模板); a product refers to it. It is never changed: a new one takes its place.
#[utoipa::path(tag = "freight", request_body = view::AddFreightTemplate,
    responses((status = 201, description = "The template", body = view::FreightTemplate)))]
#[post("/supplier/freight-templates")]
async fn add_freight_template(
    grant: Grant<KeepProduct>,
    app: web::Data<App>,
    wanted: Body<view::AddFreightTemplate>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::add(tx, &grant, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(made))
}

/// List your own freight templates, newest first.
#[utoipa::path(tag = "freight",
    responses((status = 200, description = "The templates", body = view::FreightTemplates)))]
#[get("/supplier/freight-templates")]
async fn list_freight_templates(grant: Grant<KeepProduct>, app: web::Data<App>) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant).await?))
}

/// Ask what carrying products to a place costs (运费试算).
#[utoipa::path(tags = ["freight", "public"], request_body = view::AskFreight,
    responses((status = 200, description = "What is carried together and what it costs", body = view::FreightQuote)))]
#[post("/freight-quotes")]
async fn quote_freight(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    wanted: Body<view::AskFreight>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::quote(app.reader(), &wanted.0).await?))
}
