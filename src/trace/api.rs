//! Traces over HTTP: data, a page, and the square code that leads there.

use super::view::{LabelFormat, LabelQuery, RecallReach, Trace};
use super::{page, qr, service};
use crate::access::Grant;
use crate::access::policy::{ReadPublic, ViewHarvest, ViewRecall};
use crate::app::App;
use crate::harvest;
use crate::http::Query;
use crate::problem::{self, Failure, Problem};
use crate::secrecy::sha256_hex;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use entity::value::{LotId, business_date};
use utoipa_actix_web::service_config::ServiceConfig;

/// For how long what was answered may be shown again: short, for the sake of recalls.
const FRESH: &str = "public, max-age=300";

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_trace).service(get_lot_label).service(get_recall_reach);
}

fn internal(error: &impl std::error::Error) -> Failure {
    tracing::error!(%error, "a trace cannot be drawn");
    Problem::internal().into()
}

/// Whether the caller holds exactly this already.
fn is_held(request: &HttpRequest, tag: &str) -> bool {
    let held = request.headers().get(header::IF_NONE_MATCH).and_then(|held| held.to_str().ok()).unwrap_or_default();
    held.split(',').any(|held| held.trim().trim_start_matches("W/") == tag)
}

/// Look up where a pack comes from by the code on it (产品追溯).
///
/// Households are counted from five on, and never named.
#[utoipa::path(
    tags = ["trace", "public"],
    params(("code" = String, Path, description = "The code on the pack; hyphens and case do not matter", example = "7K3M-9Q2A-7K3M-9Q2A-X")),
    responses(
        (status = 200, description = "Where it comes from; may be kept five minutes", body = Trace),
        (status = 304, description = "What you hold is what there is"),
    )
)]
#[get("/trace/{code}")]
async fn get_trace(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    request: HttpRequest,
    code: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let trace = service::trace(app.reader(), &code, business_date(app.clock.now())).await?;
    let body = serde_json::to_string(&trace).map_err(|error| internal(&error))?;
    let tag = format!("\"{}\"", sha256_hex(body.as_bytes()).get(..32).unwrap_or_default());
    let mut answer = if is_held(&request, &tag) { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((header::CACHE_CONTROL, FRESH)).insert_header((header::ETAG, tag.clone()));
    if is_held(&request, &tag) {
        return Ok(answer.finish());
    }
    Ok(answer.insert_header((header::CONTENT_TYPE, "application/json")).body(body))
}

/// The page of a pack, to which the square code on it leads. In English for browsers that ask for it.
#[get("/t/{code}")]
pub async fn trace_page(
    app: web::Data<App>,
    request: HttpRequest,
    code: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let trace = service::trace(app.reader(), &code, business_date(app.clock.now())).await?;
    let wanted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|wanted| wanted.to_str().ok());
    let in_chinese = !wanted.is_some_and(|wanted| wanted.trim().to_ascii_lowercase().starts_with("en"));
    let text = page::render(&trace, in_chinese).map_err(|error| internal(&error))?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, FRESH))
        .insert_header((header::VARY, "Accept-Language"))
        .insert_header((header::CONTENT_SECURITY_POLICY, page::policy()))
        .insert_header((header::CONTENT_LANGUAGE, if in_chinese { "zh" } else { "en" }))
        .body(text))
}

/// Draw the square code of a lot, to be printed on its packs (二维码).
#[utoipa::path(
    tag = "trace",
    params(("id" = LotId, Path, description = "The lot"), LabelQuery),
    responses((status = 200, description = "The picture", content(
        (String = "image/svg+xml"), (Vec<u8> = "image/png"),
    )))
)]
#[get("/lots/{id}/label")]
async fn get_lot_label(
    grant: Grant<ViewHarvest>,
    app: web::Data<App>,
    id: web::Path<LotId>,
    wanted: Query<LabelQuery>,
) -> Result<HttpResponse, Failure> {
    let lot = harvest::find_visible_lot(app.reader(), grant.scope(), id.into_inner()).await?;
    let code = lot.and_then(|lot| lot.trace_code).ok_or_else(|| Problem::plain(&problem::NOT_FOUND))?;
    let address = format!("{}/t/{code}", app.config.public_address());
    let (kind, body) = match wanted.0.format.unwrap_or(LabelFormat::Svg) {
        LabelFormat::Svg => ("image/svg+xml", qr::svg(&address).map_err(|error| internal(&error))?.into_bytes()),
        LabelFormat::Png => ("image/png", qr::png(&address).map_err(|error| internal(&error))?),
    };
    Ok(HttpResponse::Ok().content_type(kind).insert_header((header::CACHE_CONTROL, "private, max-age=3600")).body(body))
}

/// Show what a recall of a lot reaches, or would reach: lots made of it, and the orders that got any of them.
#[utoipa::path(
    tag = "trace",
    params(("id" = LotId, Path, description = "The lot")),
    responses((status = 200, description = "Lots and orders", body = RecallReach))
)]
#[get("/lots/{id}/recall")]
async fn get_recall_reach(
    grant: Grant<ViewRecall>,
    app: web::Data<App>,
    id: web::Path<LotId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::reach(app.reader(), grant.scope(), id.into_inner()).await?))
}
