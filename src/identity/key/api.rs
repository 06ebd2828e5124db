//! API keys over HTTP.

use super::service;
use super::view::{ApiKey, MadeApiKey, MakeApiKey, Scopes};
use crate::access::Grant;
use crate::access::policy::{KeepApiKey, ViewApiKey};
use crate::app::App;
use crate::http::{Body, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, get, post, web};
use entity::value::ApiKeyId;
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of keys.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(make_api_key)
        .service(list_api_keys)
        .service(list_api_key_scopes)
        .service(get_api_key)
        .service(revoke_api_key);
}

/// Make a key by which software acts for your organisation (新建接口密钥).
///
/// The key is shown this once; software sends it as `Authorization: Bearer lnk_…`.
#[utoipa::path(tag = "members", request_body = MakeApiKey, responses(
    (status = 201, description = "The key; keep it where nobody else reads", body = MadeApiKey),
))]
#[post("/api-keys")]
async fn make_api_key(
    grant: Grant<KeepApiKey>,
    app: web::Data<App>,
    wanted: Body<MakeApiKey>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::make(tx, &grant, &wanted.0).await).await?;
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(made))
}

/// List keys, newest first, with their last use.
#[utoipa::path(tag = "members", params(PageQuery), responses(
    (status = 200, description = "A page of keys, without the keys themselves", body = Page<ApiKey>),
))]
#[get("/api-keys")]
async fn list_api_keys(
    grant: Grant<ViewApiKey>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &page.0, app.clock.now()).await?))
}

/// List the rights that a key of your organisation may allow.
#[utoipa::path(tag = "members", responses((status = 200, description = "Their names", body = Scopes)))]
#[get("/api-keys/scopes")]
async fn list_api_key_scopes(grant: Grant<ViewApiKey>, app: web::Data<App>) -> Result<HttpResponse, Failure> {
    let scopes = service::scopes_of(app.reader(), &grant).await?;
    Ok(HttpResponse::Ok().json(Scopes { scopes }))
}

/// Show a key, without the key itself.
#[utoipa::path(tag = "members", params(("id" = ApiKeyId, Path, description = "The key")), responses(
    (status = 200, description = "What is kept of it", body = ApiKey),
))]
#[get("/api-keys/{id}")]
async fn get_api_key(
    grant: Grant<ViewApiKey>,
    app: web::Data<App>,
    id: web::Path<ApiKeyId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), grant.scope(), *id, app.clock.now()).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// Revoke a key; at once, and for good.
#[utoipa::path(tag = "members", params(("id" = ApiKeyId, Path, description = "The key")), responses(
    (status = 200, description = "It opens nothing any more", body = ApiKey),
))]
#[post("/api-keys/{id}/revoke")]
async fn revoke_api_key(
    grant: Grant<KeepApiKey>,
    app: web::Data<App>,
    id: web::Path<ApiKeyId>,
) -> Result<HttpResponse, Failure> {
    let revoked = app.transact(grant.actor(), async |tx| service::revoke(tx, &grant, *id).await).await?;
    Ok(tagged(StatusCode::OK, revoked.version, &revoked))
}
