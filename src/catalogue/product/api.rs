//! Products over HTTP. Finding them is the business of `search`.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{KeepProduct, ReadPublic, ReviewProduct};
use crate::app::App;
use crate::http::{Body, IdempotencyHeader, IfMatch, IfMatchHeader, Once, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, patch, post, web};
use entity::value::ProductId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(add_product)
        .service(get_product)
        .service(change_product)
        .service(submit_product)
        .service(review_product)
        .service(delist_product)
        .service(set_product_price)
        .service(change_product_stock)
        .service(take_product_off)
        .service(put_product_on)
        .service(list_supplier_products)
        .service(list_categories);
}

fn answer(shown: &view::Product) -> HttpResponse {
    tagged(StatusCode::OK, shown.version, shown)
}

/// Offer a product; a draft until it is submitted and reviewed.
#[utoipa::path(tag = "products", request_body = view::AddProduct, params(IdempotencyHeader),
    responses((status = 201, description = "The product, a draft", body = view::Product)))]
#[post("/products")]
async fn add_product(
    grant: Grant<KeepProduct>,
    app: web::Data<App>,
    wanted: Once<view::AddProduct>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| service::add(tx, &grant, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}

/// Show a product: on the shelf to everybody, otherwise to its supplier, the platform and the auditor.
#[utoipa::path(tags = ["products", "public"], params(("id" = ProductId, Path, description = "The product")),
    responses((status = 200, description = "The product", body = view::Product)))]
#[get("/products/{id}")]
async fn get_product(
    grant: Grant<ReadPublic>,
    app: web::Data<App>,
    id: web::Path<ProductId>,
) -> Result<HttpResponse, Failure> {
    Ok(answer(&service::get(app.reader(), &grant, *id).await?))
}

/// Change a product's content. On the shelf it goes into review again; taken down it becomes a draft.
#[utoipa::path(tag = "products", request_body = view::ChangeProduct,
    params(("id" = ProductId, Path, description = "The product"), IfMatchHeader),
    responses((status = 200, description = "The product", body = view::Product)))]
#[patch("/products/{id}")]
async fn change_product(
    grant: Grant<KeepProduct>,
    app: web::Data<App>,
    id: web::Path<ProductId>,
    seen: IfMatch,
    wanted: Body<view::ChangeProduct>,
) -> Result<HttpResponse, Failure> {
    let shown = app.transact(grant.actor(), async |tx| service::change(tx, &grant, *id, seen, &wanted.0).await).await?;
    Ok(answer(&shown))
}

/// Hand a product in for review (提交审核).
#[utoipa::path(tag = "products", params(("id" = ProductId, Path, description = "The product"), IfMatchHeader),
    responses((status = 200, description = "The product, in review", body = view::Product)))]
#[post("/products/{id}/submit")]
async fn submit_product(
    grant: Grant<KeepProduct>,
    app: web::Data<App>,
    id: web::Path<ProductId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let shown = app.transact(grant.actor(), async |tx| service::submit(tx, &grant, *id, seen).await).await?;
    Ok(answer(&shown))
}

/// Let a product on the shelf, or refuse it (商品审核).
#[utoipa::path(tag = "products", request_body = view::ReviewProduct,
    params(("id" = ProductId, Path, description = "The product"), IfMatchHeader),
    responses((status = 200, description = "The product, reviewed", body = view::Product)))]
#[post("/products/{id}/review")]
async fn review_product(
    grant: Grant<ReviewProduct>,
    app: web::Data<App>,
    id: web::Path<ProductId>,
    seen: IfMatch,
    wanted: Body<view::ReviewProduct>,
) -> Result<HttpResponse, Failure> {
    let shown = app.transact(grant.actor(), async |tx| service::review(tx, &grant, *id, seen, &wanted.0).await).await?;
    Ok(answer(&shown))
}

/// Take a product down as the platform (强制下架).
#[utoipa::path(tag = "products", request_body = view::DelistProduct,
    params(("id" = ProductId, Path, description = "The product"), IfMatchHeader),
    responses((status = 200, description = "The product, delisted", body = view::Product)))]
#[post("/products/{id}/delist")]
async fn delist_product(
    grant: Grant<ReviewProduct>,
    app: web::Data<App>,
    id: web::Path<ProductId>,
    seen: IfMatch,
    wanted: Body<view::DelistProduct>,
) -> Result<HttpResponse, Failure> {
    let shown = app.transact(grant.actor(), async |tx| service::delist(tx, &grant, *id, seen, &wanted.0).await).await?;
    Ok(answer(&shown))
}

/// Give a product a new price; orders placed before keep theirs, and a product on the shelf stays there.
#[utoipa::path(tag = "products", request_body = view::SetPrice,
    params(("id" = ProductId, Path, description = "The product"), IdempotencyHeader, IfMatchHeader),
    responses((status = 200, description = "The product at its new price", body = view::Product)))]
#[post("/products/{id}/price")]
async fn set_product_price(
    grant: Grant<KeepProduct>,
    app: web::Data<App>,
    id: web::Path<ProductId>,
    seen: IfMatch,
    wanted: Once<view::SetPrice>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| {
            service::set_price(tx, &grant, *id, seen, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Add to a product's stock, or take from it; never below what is promised to orders.
#[utoipa::path(tag = "products", request_body = view::ChangeStock,
    params(("id" = ProductId, Path, description = "The product"), IdempotencyHeader),
    responses((status = 200, description = "The product with its new stock", body = view::Product)))]
#[post("/products/{id}/stock")]
async fn change_product_stock(
    grant: Grant<KeepProduct>,
    app: web::Data<App>,
    id: web::Path<ProductId>,
    wanted: Once<view::ChangeStock>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 200, async |tx| {
            service::change_stock(tx, &grant, *id, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Take a product down (下架).
#[utoipa::path(tag = "products", params(("id" = ProductId, Path, description = "The product"), IfMatchHeader),
    responses((status = 200, description = "The product, off the shelf", body = view::Product)))]
#[post("/products/{id}/take-off")]
async fn take_product_off(
    grant: Grant<KeepProduct>,
    app: web::Data<App>,
    id: web::Path<ProductId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let shown = app.transact(grant.actor(), async |tx| service::take_off(tx, &grant, *id, seen).await).await?;
    Ok(answer(&shown))
}

/// Put a product that was taken down back on the shelf as it was (上架).
#[utoipa::path(tag = "products", params(("id" = ProductId, Path, description = "The product"), IfMatchHeader),
    responses((status = 200, description = "The product, on the shelf", body = view::Product)))]
#[post("/products/{id}/put-on")]
async fn put_product_on(
    grant: Grant<KeepProduct>,
    app: web::Data<App>,
    id: web::Path<ProductId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let shown = app.transact(grant.actor(), async |tx| service::put_on(tx, &grant, *id, seen).await).await?;
    Ok(answer(&shown))
}

/// List your own products, newest first, in whatever state.
#[utoipa::path(tag = "products", params(view::ListProducts),
    responses((status = 200, description = "A page of products", body = Page<view::Product>)))]
#[get("/supplier/products")]
async fn list_supplier_products(
    grant: Grant<KeepProduct>,
    app: web::Data<App>,
    wanted: Query<view::ListProducts>,
) -> Result<HttpResponse, Failure> {
    let view::ListProducts { state, limit, cursor } = wanted.0;
    let page = PageQuery { limit, cursor };
    let found = service::list(app.reader(), &grant, state, page.after()?, page.limit()?).await?;
    Ok(HttpResponse::Ok().json(found))
}

/// List the category tree, flat and by code.
#[utoipa::path(tags = ["categories", "public"],
    responses((status = 200, description = "Every category", body = view::Categories)))]
#[get("/categories")]
async fn list_categories(_grant: Grant<ReadPublic>, app: web::Data<App>) -> Result<HttpResponse, Failure> {
    let items = crate::catalogue::all_categories(app.reader()).await?;
    Ok(HttpResponse::Ok().json(view::Categories { items: items.into_iter().map(view::CategoryNode::from).collect() }))
}
