//! Searching over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{KeepJobs, ReadPublic};
use crate::app::App;
use crate::db::{Change, Tx};
use crate::http::Query;
use crate::jobs;
use crate::problem::Failure;
use actix_web::{HttpResponse, get, post, web};
use sea_orm::DbErr;
use serde_json::json;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(find_products).service(suggest_searches).service(rebuild_search_index);
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

/// Have the search index made anew (重建索引), in the background and beside the one that is searched meanwhile;
/// `GET /api/v1/job-runs?name=search.rebuild` shows how far it has come.
#[utoipa::path(tag = "operation", responses(
    (status = 202, description = "It is being made, or was asked for before", body = view::SearchRebuild),
))]
#[post("/search-index/rebuild")]
async fn rebuild_search_index(grant: Grant<KeepJobs>, app: web::Data<App>) -> Result<HttpResponse, Failure> {
    let name = super::REBUILD.name;
    let ask = async |tx: &Tx| -> Result<view::SearchRebuild, DbErr> {
        let is_new = jobs::waiting(tx, name, 1).await?.is_empty();
        if is_new {
            jobs::enqueue(tx, name, "null".to_owned(), tx.now()).await?;
        }
        let after = json!({ "is_new": is_new });
        tx.audit(Change::made("search.rebuild", "search_index", uuid::Uuid::nil(), after)).await?;
        Ok(view::SearchRebuild { job: name, is_new })
    };
    Ok(HttpResponse::Accepted().json(app.transact(grant.actor(), ask).await?))
}
