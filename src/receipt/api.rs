//! Receipts over HTTP.

use super::{code, service, view};
use crate::access::Grant;
use crate::access::policy::{ReadPublic, ViewIncome};
use crate::app::App;
use crate::http::{Body, Query};
use crate::problem::{Failure, Problem};
use crate::seal::SealKey;
use actix_web::http::header;
use actix_web::{HttpResponse, get, post, web};
use chrono::Datelike;
use entity::value::{HouseholdId, business_date};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_receipt).service(get_receipt_code).service(verify_receipt).service(verify_receipt_code);
}

/// Take a household's receipt of a year: its own entries, each with the proof that it is in the sealed journal (收益凭据).
///
/// Keep it as a file. It shows nothing of any other household. A cooperative sees only what comes from its own
/// agreements.
#[utoipa::path(
    tag = "households",
    params(("id" = HouseholdId, Path, description = "The household"), view::ReceiptQuery),
    responses((status = 200, description = "The receipt", body = view::Receipt))
)]
#[get("/households/{id}/receipt")]
async fn get_receipt(
    grant: Grant<ViewIncome>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
    query: Query<view::ReceiptQuery>,
) -> Result<HttpResponse, Failure> {
    let year = query.0.year.unwrap_or_else(|| business_date(app.clock.now()).year());
    if !(2000..=2100).contains(&year) {
        return Err(
            Problem::invalid("?year", "年份应在 2000 至 2100 之间。", "The year lies between 2000 and 2100.").into()
        );
    }
    let id = id.into_inner();
    let receipt = service::issue(app.reader(), &grant, id, year).await?;
    let name = format!("attachment; filename=\"liannong-receipt-{id}-{year}.json\"");
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_DISPOSITION, name)).json(receipt))
}

/// Draw the square code of a household's year, to be printed beside its statement (收益凭据二维码).
///
/// It says the year's sums under the newest seal, signed: `liannong verify-receipt --code TEXT` checks it offline, `POST
/// /receipts/verify-code` online.
#[utoipa::path(
    tag = "households",
    params(("id" = HouseholdId, Path, description = "The household"), view::ReceiptQuery),
    responses((status = 200, description = "The square", body = String, content_type = "image/svg+xml"))
)]
#[get("/households/{id}/receipt/code")]
async fn get_receipt_code(
    grant: Grant<ViewIncome>,
    app: web::Data<App>,
    id: web::Path<HouseholdId>,
    query: Query<view::ReceiptQuery>,
) -> Result<HttpResponse, Failure> {
    let year = query.0.year.unwrap_or_else(|| business_date(app.clock.now()).year());
    if !(2000..=2100).contains(&year) {
        return Err(
            Problem::invalid("?year", "年份应在 2000 至 2100 之间。", "The year lies between 2000 and 2100.").into()
        );
    }
    let receipt = service::issue(app.reader(), &grant, id.into_inner(), year).await?;
    let coded = code::code(&SealKey::of(&app.secrets)?, &receipt)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "image/svg+xml"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header(("Check-Code", coded.check_code))
        .body(code::svg(&coded.text)?))
}

/// Check the text of a square code: did this house sign it, under a seal that is in the chain?
#[utoipa::path(
    tags = ["seals", "public"],
    request_body = view::WrittenCode,
    responses((status = 200, description = "Whether it holds, and what it says", body = view::CheckedReceipt))
)]
#[post("/receipts/verify-code")]
async fn verify_receipt_code(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    written: Body<view::WrittenCode>,
) -> Result<HttpResponse, Failure> {
    let key = SealKey::of(&app.secrets)?.public();
    Ok(HttpResponse::Ok().json(service::check_code(app.reader(), key, &written.0.text).await?))
}

/// Check a receipt: is everything in it in the sealed journal of this house?
///
/// The same can be done offline: `liannong verify-receipt FILE --key <the published key>`.
#[utoipa::path(
    tags = ["seals", "public"],
    request_body = view::Receipt,
    responses((status = 200, description = "Whether it holds, and what it proves", body = view::CheckedReceipt))
)]
#[post("/receipts/verify")]
async fn verify_receipt(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    receipt: Body<serde_json::Value>,
) -> Result<HttpResponse, Failure> {
    let key = SealKey::of(&app.secrets)?.public();
    Ok(HttpResponse::Ok().json(service::check(app.reader(), key, &receipt.0.to_string()).await?))
}
