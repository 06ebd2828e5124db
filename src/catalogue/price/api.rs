//! Prices that are looked at, over HTTP.

use super::{evidence, flag, series, view};
use crate::access::Grant;
use crate::access::policy::{ImportPrices, KeepProduct, ReadPublic, ReviewProduct, ViewProductDraft};
use crate::app::App;
use crate::db::Tx;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, PageQuery, Query, tagged};
use crate::problem::{self, Failure, Problem};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::{FlagId, ProductId, business_date};
use futures_util::StreamExt;
use utoipa_actix_web::service_config::ServiceConfig;

/// The largest file of prices: some four years of a large market.
const LARGEST: usize = 16 * 1024 * 1024;

/// Registers the operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(add_price_evidence)
        .service(list_price_evidence)
        .service(import_reference_prices)
        .service(list_reference_prices)
        .service(list_product_flags)
        .service(list_flags)
        .service(decide_flag);
}

/// Show a proof of a product's present price (价格凭证): a link or a paper. The public does not see it.
#[utoipa::path(tag = "prices", request_body = view::AddEvidence,
    params(("id" = ProductId, Path, description = "The product")),
    responses((status = 201, description = "The proof", body = view::Evidence)))]
#[post("/products/{id}/price-evidence")]
async fn add_price_evidence(
    grant: Grant<KeepProduct>,
    app: web::Data<App>,
    id: web::Path<ProductId>,
    wanted: Body<view::AddEvidence>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| evidence::add(tx, &grant, *id, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(made))
}

/// List the proofs of a product's prices.
#[utoipa::path(tag = "prices", params(("id" = ProductId, Path, description = "The product")),
    responses((status = 200, description = "The proofs, the newest first", body = view::Proofs)))]
#[get("/products/{id}/price-evidence")]
async fn list_price_evidence(
    grant: Grant<ViewProductDraft>,
    app: web::Data<App>,
    id: web::Path<ProductId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(evidence::list(app.reader(), &grant, *id).await?))
}

/// Bring in a wholesale market's file of prices (批发市场行情), at most 16 MiB.
///
/// The columns are `date`, `name`, `spec`, `low_yuan_per_jin`, `avg_yuan_per_jin` and `high_yuan_per_jin`. Rows without a
/// price or with prices out of order are left out, counted and named.
#[utoipa::path(tag = "prices", params(view::ImportPrices),
    request_body(description = "The file.", content((view::PriceFile = "text/csv"))),
    responses((status = 201, description = "What became of it", body = view::PriceReport)))]
#[post("/reference-prices")]
async fn import_reference_prices(
    grant: Grant<ImportPrices>,
    app: web::Data<App>,
    wanted: Query<view::ImportPrices>,
    mut body: web::Payload,
) -> Result<HttpResponse, Failure> {
    let mut file = Vec::new();
    while let Some(chunk) = body.next().await {
        file.extend_from_slice(&chunk.map_err(|_| Problem::plain(&problem::UNREADABLE))?);
        if file.len() > LARGEST {
            return Err(Problem::plain(&problem::PAYLOAD_TOO_LARGE).into());
        }
    }
    let view::ImportPrices { market, region } = wanted.0;
    let market = series::Market { name: market, region };
    let report = app.transact(grant.actor(), async |tx| series::import(tx, &market, &file).await).await?;
    Ok(HttpResponse::Created().json(report))
}

/// Show what a kilogram of a variety cost at wholesale markets, day by day.
#[utoipa::path(tags = ["prices", "public"], params(view::AskPrices),
    responses((status = 200, description = "The daily table, the newest first", body = view::DailyPrices)))]
#[get("/reference-prices")]
async fn list_reference_prices(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    wanted: Query<view::AskPrices>,
) -> Result<HttpResponse, Failure> {
    let today = business_date(app.clock.now());
    Ok(HttpResponse::Ok().json(series::table(app.reader(), &wanted.0, today).await?))
}

/// List what a product was flagged for, with the comparison.
#[utoipa::path(tag = "prices", params(("id" = ProductId, Path, description = "The product")),
    responses((status = 200, description = "Its flags, the newest first", body = view::Flags)))]
#[get("/products/{id}/flags")]
async fn list_product_flags(
    grant: Grant<ViewProductDraft>,
    app: web::Data<App>,
    id: web::Path<ProductId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(flag::of_product(app.reader(), &grant, *id).await?))
}

/// List what is flagged, newest first.
#[utoipa::path(tag = "prices", params(view::ListFlags),
    responses((status = 200, description = "A page of flags", body = Page<view::Flag>)))]
#[get("/product-flags")]
async fn list_flags(
    grant: Grant<ReviewProduct>,
    app: web::Data<App>,
    wanted: Query<view::ListFlags>,
) -> Result<HttpResponse, Failure> {
    let view::ListFlags { state, limit, cursor } = wanted.0;
    let page = PageQuery { limit, cursor };
    let found = flag::list(app.reader(), &grant, state, page.after()?, page.limit()?).await?;
    Ok(HttpResponse::Ok().json(found))
}

/// Decide about a flag; upheld, the product is taken down.
#[utoipa::path(tag = "prices", request_body = view::DecideProductFlag,
    params(("id" = ProductId, Path, description = "The product"),
        ("flag_id" = FlagId, Path, description = "The flag"), IfMatchHeader),
    responses((status = 200, description = "The flag, decided", body = view::Flag)))]
#[post("/products/{id}/flags/{flag_id}/decision")]
async fn decide_flag(
    grant: Grant<ReviewProduct>,
    app: web::Data<App>,
    path: web::Path<(ProductId, FlagId)>,
    seen: IfMatch,
    wanted: Body<view::DecideProductFlag>,
) -> Result<HttpResponse, Failure> {
    let (id, which) = path.into_inner();
    let work = async |tx: &Tx| flag::decide(tx, &grant, id, which, seen, &wanted.0).await;
    let shown = app.transact(grant.actor(), work).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}
