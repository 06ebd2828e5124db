//! Searching over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::ReadPublic;
use crate::app::App;
use crate::http::Query;
use crate::problem::Failure;
use actix_web::{HttpResponse, get, web};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(find_products).service(suggest_searches);
}

/// Find products on the shelf by words, category, county and price.
#[utoipa::path(tags = ["products", "public"], params(view::FindProducts),
    responses((status = 200, description = "A page of products", body = view::Found)))]
#[get("/products")]
async fn find_products(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    wanted: Query<view::FindProducts>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::find(&app, wanted.0).await?))
}

/// Suggest what a text may become while it is typed: products, categories, counties, suppliers.
#[utoipa::path(tags = ["products", "public"], params(view::Suggest),
    responses((status = 200, description = "Suggestions, the most likely first", body = view::Suggestions)))]
#[get("/search/suggestions")]
async fn suggest_searches(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    wanted: Query<view::Suggest>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::suggest(&app, wanted.0).await?))
}
