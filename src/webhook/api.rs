//! Webhooks over HTTP.

use super::service;
use super::view::{Delivered, DeliveryFilter, DeliveryLog, Endpoint, EndpointWithSecret, KeepEndpoint, SentAgain};
use crate::access::Grant;
use crate::access::policy::{KeepWebhook, ViewWebhook};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, get, post, put, web};
use entity::value::{EndpointState, WebhookDeliveryId, WebhookEndpointId};
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of webhooks.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(make_webhook_endpoint)
        .service(list_webhook_endpoints)
        .service(get_webhook_endpoint)
        .service(change_webhook_endpoint)
        .service(enable_webhook_endpoint)
        .service(disable_webhook_endpoint)
        .service(rotate_webhook_secret)
        .service(send_failed_webhooks_again)
        .service(list_webhook_deliveries)
        .service(get_webhook_delivery)
        .service(send_webhook_again);
}

/// Name an address to which the events of your organisation are pushed (新建推送地址).
///
/// Its secret is shown this once. Requests are signed after Standard Webhooks: `webhook-id`, `webhook-timestamp`,
/// `webhook-signature`. Answer 2xx within ten seconds; 410 switches the endpoint off.
#[utoipa::path(tag = "webhooks", request_body = KeepEndpoint, responses(
    (status = 201, description = "The endpoint with its secret", body = EndpointWithSecret),
))]
#[post("/webhook-endpoints")]
async fn make_webhook_endpoint(
    grant: Grant<KeepWebhook>,
    app: web::Data<App>,
    wanted: Body<KeepEndpoint>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::make(tx, &app, &grant, &wanted.0).await).await?;
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(made))
}

/// List endpoints, newest first.
#[utoipa::path(tag = "webhooks", params(PageQuery), responses(
    (status = 200, description = "A page of endpoints, without their secrets", body = Page<Endpoint>),
))]
#[get("/webhook-endpoints")]
async fn list_webhook_endpoints(
    grant: Grant<ViewWebhook>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &page.0).await?))
}

/// Show an endpoint, without its secret.
#[utoipa::path(tag = "webhooks", params(("id" = WebhookEndpointId, Path, description = "The endpoint")), responses(
    (status = 200, description = "The endpoint", body = Endpoint),
))]
#[get("/webhook-endpoints/{id}")]
async fn get_webhook_endpoint(
    grant: Grant<ViewWebhook>,
    app: web::Data<App>,
    id: web::Path<WebhookEndpointId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), grant.scope(), *id).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// Change the address, the name or the kinds of events of an endpoint.
#[utoipa::path(tag = "webhooks", request_body = KeepEndpoint,
    params(("id" = WebhookEndpointId, Path, description = "The endpoint"), IfMatchHeader),
    responses((status = 200, description = "As it is now", body = Endpoint)),
)]
#[put("/webhook-endpoints/{id}")]
async fn change_webhook_endpoint(
    grant: Grant<KeepWebhook>,
    app: web::Data<App>,
    id: web::Path<WebhookEndpointId>,
    seen: IfMatch,
    wanted: Body<KeepEndpoint>,
) -> Result<HttpResponse, Failure> {
    let change = async |tx: &crate::db::Tx| service::change(tx, &app, &grant, *id, seen.0, &wanted.0).await;
    let changed = app.transact(grant.actor(), change).await?;
    Ok(tagged(StatusCode::OK, changed.version, &changed))
}

/// Switch an endpoint on again.
#[utoipa::path(tag = "webhooks",
    params(("id" = WebhookEndpointId, Path, description = "The endpoint"), IfMatchHeader),
    responses((status = 200, description = "It is called again", body = Endpoint)),
)]
#[post("/webhook-endpoints/{id}/enable")]
async fn enable_webhook_endpoint(
    grant: Grant<KeepWebhook>,
    app: web::Data<App>,
    id: web::Path<WebhookEndpointId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let switch = async |tx: &crate::db::Tx| service::switch(tx, &grant, *id, seen.0, EndpointState::Active).await;
    let switched = app.transact(grant.actor(), switch).await?;
    Ok(tagged(StatusCode::OK, switched.version, &switched))
}

/// Switch an endpoint off. What happens meanwhile fails at once and can be sent again later.
#[utoipa::path(tag = "webhooks",
    params(("id" = WebhookEndpointId, Path, description = "The endpoint"), IfMatchHeader),
    responses((status = 200, description = "It is not called", body = Endpoint)),
)]
#[post("/webhook-endpoints/{id}/disable")]
async fn disable_webhook_endpoint(
    grant: Grant<KeepWebhook>,
    app: web::Data<App>,
    id: web::Path<WebhookEndpointId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let switch = async |tx: &crate::db::Tx| service::switch(tx, &grant, *id, seen.0, EndpointState::Disabled).await;
    let switched = app.transact(grant.actor(), switch).await?;
    Ok(tagged(StatusCode::OK, switched.version, &switched))
}

/// Give an endpoint a new secret (更换密钥). For 24 hours the one before signs too, so a receiver changes without a gap.
#[utoipa::path(tag = "webhooks",
    params(("id" = WebhookEndpointId, Path, description = "The endpoint"), IfMatchHeader),
    responses((status = 200, description = "The new secret, shown this once", body = EndpointWithSecret)),
)]
#[post("/webhook-endpoints/{id}/rotate-secret")]
async fn rotate_webhook_secret(
    grant: Grant<KeepWebhook>,
    app: web::Data<App>,
    id: web::Path<WebhookEndpointId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let rotate = async |tx: &crate::db::Tx| service::rotate(tx, &app.secrets, &grant, *id, seen.0).await;
    let rotated = app.transact(grant.actor(), rotate).await?;
    Ok(tagged(StatusCode::OK, rotated.endpoint.version, &rotated))
}

/// Send again whatever failed to arrive at an endpoint, at most a thousand at once, in their order.
#[utoipa::path(tag = "webhooks", params(("id" = WebhookEndpointId, Path, description = "The endpoint")), responses(
    (status = 200, description = "How many are sent again", body = SentAgain),
))]
#[post("/webhook-endpoints/{id}/replay")]
async fn send_failed_webhooks_again(
    grant: Grant<KeepWebhook>,
    app: web::Data<App>,
    id: web::Path<WebhookEndpointId>,
) -> Result<HttpResponse, Failure> {
    let again = async |tx: &crate::db::Tx| service::send_failed_again(tx, &grant, *id).await;
    let deliveries = app.transact(grant.actor(), again).await?;
    Ok(HttpResponse::Ok().json(SentAgain { deliveries }))
}

/// List deliveries, newest first (推送记录).
#[utoipa::path(tag = "webhooks", params(DeliveryFilter), responses(
    (status = 200, description = "A page of deliveries", body = Page<Delivered>),
))]
#[get("/webhook-deliveries")]
async fn list_webhook_deliveries(
    grant: Grant<ViewWebhook>,
    app: web::Data<App>,
    wanted: Query<DeliveryFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::deliveries(app.reader(), &grant, wanted.0).await?))
}

/// Show a delivery: what is sent, and every attempt.
#[utoipa::path(tag = "webhooks", params(("id" = WebhookDeliveryId, Path, description = "The delivery")), responses(
    (status = 200, description = "The delivery with its log", body = DeliveryLog),
))]
#[get("/webhook-deliveries/{id}")]
async fn get_webhook_delivery(
    grant: Grant<ViewWebhook>,
    app: web::Data<App>,
    id: web::Path<WebhookDeliveryId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::delivery(app.reader(), grant.scope(), *id).await?))
}

/// Send one delivery again, also one that arrived.
#[utoipa::path(tag = "webhooks", params(("id" = WebhookDeliveryId, Path, description = "The delivery")), responses(
    (status = 200, description = "It is on its way again", body = Delivered),
))]
#[post("/webhook-deliveries/{id}/replay")]
async fn send_webhook_again(
    grant: Grant<KeepWebhook>,
    app: web::Data<App>,
    id: web::Path<WebhookDeliveryId>,
) -> Result<HttpResponse, Failure> {
    let again = async |tx: &crate::db::Tx| service::send_again(tx, &grant, *id).await;
    Ok(HttpResponse::Ok().json(app.transact(grant.actor(), again).await?))
}
