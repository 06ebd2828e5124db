//! Products over HTTP. Finding them is the business of `search`.

use super::{certificate, photo, service, view};
use crate::access::Grant;
use crate::access::policy::{KeepProduct, ReadPublic, ReviewProduct, ViewProductDraft};
use crate::app::App;
use crate::db::Tx;
use crate::document::{DocumentError, FileStore};
use crate::http::{Body, IdempotencyHeader, IfMatch, IfMatchHeader, Once, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use entity::value::{CertificateId, PhotoId, ProductId, business_date};
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
        .service(list_categories)
        .service(list_product_prices)
        .service(renew_product_certificate)
        .service(revoke_product_certificate)
        .service(show_certifications)
        .service(add_product_photo)
        .service(remove_product_photo)
        .service(show_product_photo);
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
    let shown = app
        .transact(grant.actor(), async |tx| service::change(tx, &grant, *id, seen, &wanted.0, &app.config).await)
        .await?;
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
    let shown =
        app.transact(grant.actor(), async |tx| service::submit(tx, &grant, *id, seen, &app.config).await).await?;
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
            service::set_price(tx, &grant, *id, seen, &wanted.body, &app.config).await
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

/// List every price a product ever had, with who set it and from when (价格版本).
#[utoipa::path(tag = "products", params(("id" = ProductId, Path, description = "The product")),
    responses((status = 200, description = "Its prices, the newest first", body = view::Prices)))]
#[get("/products/{id}/prices")]
async fn list_product_prices(
    grant: Grant<ViewProductDraft>,
    app: web::Data<App>,
    id: web::Path<ProductId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::prices(app.reader(), &grant, *id).await?))
}

/// Put a later paper in the place of a certificate (换证); a product held back for it returns to the shelf.
#[utoipa::path(tag = "products", request_body = view::RenewCertificate,
    params(("id" = ProductId, Path, description = "The product"),
        ("certificate_id" = CertificateId, Path, description = "The certificate"), IfMatchHeader),
    responses((status = 200, description = "The product", body = view::Product)))]
#[post("/products/{id}/certificates/{certificate_id}/renewal")]
async fn renew_product_certificate(
    grant: Grant<KeepProduct>,
    app: web::Data<App>,
    path: web::Path<(ProductId, CertificateId)>,
    seen: IfMatch,
    wanted: Body<view::RenewCertificate>,
) -> Result<HttpResponse, Failure> {
    let (id, which) = path.into_inner();
    let work = async |tx: &Tx| certificate::renew(tx, &grant, id, which, seen, &wanted.0).await;
    Ok(answer(&app.transact(grant.actor(), work).await?))
}

/// Write down that a certificate's issuer no longer stands by it (撤销).
#[utoipa::path(tag = "products", request_body = view::RevokeProductCertificate,
    params(("id" = ProductId, Path, description = "The product"),
        ("certificate_id" = CertificateId, Path, description = "The certificate"), IfMatchHeader),
    responses((status = 200, description = "The product", body = view::Product)))]
#[post("/products/{id}/certificates/{certificate_id}/revocation")]
async fn revoke_product_certificate(
    grant: Grant<ReviewProduct>,
    app: web::Data<App>,
    path: web::Path<(ProductId, CertificateId)>,
    seen: IfMatch,
    wanted: Body<view::RevokeProductCertificate>,
) -> Result<HttpResponse, Failure> {
    let (id, which) = path.into_inner();
    let work = async |tx: &Tx| certificate::revoke(tx, &grant, id, which, seen, &wanted.0).await;
    Ok(answer(&app.transact(grant.actor(), work).await?))
}

/// Show what a product's certificates were good for on a day, such as an order's.
#[utoipa::path(tags = ["products", "public"],
    params(("id" = ProductId, Path, description = "The product"), view::AskCertifications),
    responses((status = 200, description = "Its certificates, judged for the day", body = view::Certifications)))]
#[get("/products/{id}/certifications")]
async fn show_certifications(
    grant: Grant<ReadPublic>,
    app: web::Data<App>,
    id: web::Path<ProductId>,
    wanted: Query<view::AskCertifications>,
) -> Result<HttpResponse, Failure> {
    let on = wanted.0.on.unwrap_or_else(|| business_date(app.clock.now()));
    Ok(HttpResponse::Ok().json(certificate::certifications(app.reader(), &grant, *id, on).await?))
}

/// Put an uploaded picture (PNG or JPEG) behind the product's others; a thumbnail is made, and what the camera wrote
/// beside the picture is left out.
#[utoipa::path(tag = "products", request_body = view::AddPhoto,
    params(("id" = ProductId, Path, description = "The product"), IfMatchHeader),
    responses((status = 201, description = "The product", body = view::Product)))]
#[post("/products/{id}/photos")]
async fn add_product_photo(
    grant: Grant<KeepProduct>,
    app: web::Data<App>,
    id: web::Path<ProductId>,
    seen: IfMatch,
    wanted: Body<view::AddPhoto>,
) -> Result<HttpResponse, Failure> {
    service::require_visible(app.reader(), &grant, *id).await?;
    let file = wanted.0.file_id;
    // The pictures are in their place before a row says so.
    let kept = photo::draw(&app, &grant, file).await?;
    let reviewed = &app.config.review_changes;
    let work = async |tx: &Tx| photo::add(tx, &grant, *id, seen, file, &kept, reviewed).await;
    let shown = app.transact(grant.actor(), work).await?;
    Ok(tagged(StatusCode::CREATED, shown.version, &shown))
}

/// Take one of the product's pictures away.
#[utoipa::path(tag = "products",
    params(("id" = ProductId, Path, description = "The product"),
        ("photo_id" = PhotoId, Path, description = "The picture"), IfMatchHeader),
    responses((status = 200, description = "The product", body = view::Product)))]
#[delete("/products/{id}/photos/{photo_id}")]
async fn remove_product_photo(
    grant: Grant<KeepProduct>,
    app: web::Data<App>,
    path: web::Path<(ProductId, PhotoId)>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let (id, which) = path.into_inner();
    let reviewed = &app.config.review_changes;
    let work = async |tx: &Tx| photo::remove(tx, &grant, id, which, seen, reviewed).await;
    Ok(answer(&app.transact(grant.actor(), work).await?))
}

/// Show a picture of a product. It never changes, so it may be kept.
#[utoipa::path(tags = ["products", "public"],
    params(("id" = ProductId, Path, description = "The product"),
        ("photo_id" = PhotoId, Path, description = "The picture"),
        ("size" = inline(view::PhotoSize), Path, description = "Which size")),
    responses((status = 200, description = "The picture", content((view::PhotoContent = "image/jpeg"))),
        (status = 304, description = "The one you have")))]
#[get("/products/{id}/photos/{photo_id}/{size}")]
async fn show_product_photo(
    grant: Grant<ReadPublic>,
    app: web::Data<App>,
    path: web::Path<(ProductId, PhotoId, view::PhotoSize)>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let (id, which, size) = path.into_inner();
    let (sha256, is_public) = photo::find(app.reader(), &grant, id, which, size).await?;
    let tag = format!("\"{sha256}\"");
    let kept = request.headers().get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let caching = if is_public { "public, max-age=31536000, immutable" } else { "private, no-store" };
    if kept.is_some_and(|tags| tags.contains(&tag)) {
        return Ok(HttpResponse::NotModified()
            .insert_header((header::ETAG, tag))
            .insert_header((header::CACHE_CONTROL, caching))
            .finish());
    }
    let content = app.part::<FileStore>()?.read_whole(&sha256).await.map_err(DocumentError::from)?;
    Ok(HttpResponse::Ok()
        .content_type("image/jpeg")
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, caching))
        .body(content))
}
