//! Carts over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::PlaceOrder;
use crate::app::App;
use crate::http::{Body, IdempotencyHeader, Once};
use crate::problem::Failure;
use crate::purchase::request::PurchaseRequest;
use actix_web::{HttpResponse, delete, get, post, put, web};
use entity::value::ProductId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_cart).service(put_in_cart).service(take_out_of_cart).service(repeat_order).service(check_out);
}

/// Show your cart with the prices and the stock of now (购物车).
#[utoipa::path(tag = "purchases", responses((status = 200, description = "The cart, by supplier", body = view::Cart)))]
#[get("/cart")]
async fn get_cart(grant: Grant<PlaceOrder>, app: web::Data<App>) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::show(app.reader(), &grant).await?))
}

/// Put packs of a product into your cart, instead of those before (加入购物车).
#[utoipa::path(tag = "purchases", request_body = view::PutInCart,
    params(("product_id" = ProductId, Path, description = "The product")),
    responses((status = 200, description = "The cart", body = view::Cart)))]
#[put("/cart/lines/{product_id}")]
async fn put_in_cart(
    grant: Grant<PlaceOrder>,
    app: web::Data<App>,
    id: web::Path<ProductId>,
    wanted: Body<view::PutInCart>,
) -> Result<HttpResponse, Failure> {
    let cart = app.transact(grant.actor(), async |tx| service::put(tx, &grant, *id, wanted.0).await).await?;
    Ok(HttpResponse::Ok().json(cart))
}

/// Take a product out of your cart.
#[utoipa::path(tag = "purchases", params(("product_id" = ProductId, Path, description = "The product")),
    responses((status = 200, description = "The cart", body = view::Cart)))]
#[delete("/cart/lines/{product_id}")]
async fn take_out_of_cart(
    grant: Grant<PlaceOrder>,
    app: web::Data<App>,
    id: web::Path<ProductId>,
) -> Result<HttpResponse, Failure> {
    let cart = app.transact(grant.actor(), async |tx| service::take_out(tx, &grant, *id).await).await?;
    Ok(HttpResponse::Ok().json(cart))
}

/// Put into your cart what an earlier order of your organisation had (再次购买).
#[utoipa::path(tag = "purchases", request_body = view::RepeatOrder,
    responses((status = 200, description = "The cart, at the prices of now", body = view::Cart)))]
#[post("/cart/repeat")]
async fn repeat_order(
    grant: Grant<PlaceOrder>,
    app: web::Data<App>,
    wanted: Body<view::RepeatOrder>,
) -> Result<HttpResponse, Failure> {
    let order = wanted.0.order_id;
    let cart = app.transact(grant.actor(), async |tx| service::repeat(tx, &grant, order).await).await?;
    Ok(HttpResponse::Ok().json(cart))
}

/// Ask for everything in your cart in one request, and empty it (结算).
#[utoipa::path(tag = "purchases", request_body = view::Checkout, params(IdempotencyHeader),
    responses((status = 201, description = "The request: placed, or waiting", body = PurchaseRequest)))]
#[post("/cart/checkout")]
async fn check_out(
    grant: Grant<PlaceOrder>,
    app: web::Data<App>,
    wanted: Once<view::Checkout>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| service::check_out(tx, &grant, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}
