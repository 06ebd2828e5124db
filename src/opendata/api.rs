//! Open data over HTTP, for everybody.

use super::package::{self, EXTENSION_SCHEMA, Kind, Place};
use super::view::{
    LinesQuery, OpenChange, OpenChanges, OpenMonth, OpenMonths, RecordPackage, RegisteredProduct, RegisteredSupplier,
    ReleasePackage, Statistics, StatisticsQuery,
};
use super::{OpenDataError, register, store};
use crate::access::policy::ReadPublic;
use crate::access::{Grant, SmallestGroup};
use crate::app::App;
use crate::http::fresh::Fresh;
use crate::http::page::write_cursor;
use crate::http::{Page, PageQuery, Query};
use crate::problem::{Failure, Problem};
use crate::secrecy::sha256_hex;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get, web};
use entity::open_release;
use entity::value::{OrderGroupId, Timestamp, business_date};
use futures_util::{Stream, StreamExt, stream};
use serde::Serialize;
use std::collections::HashMap;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Releases read at once where everything is sent.
const BATCH: u64 = 200;
/// For how long what may grow can be shown again, in seconds.
const GROWING: u32 = 60;
/// For how long what changes by the day can be shown again, in seconds.
const BY_THE_HOUR: u32 = 3600;
/// For how long what is over can be shown again, in seconds.
const OVER: u32 = 86_400;
/// The media type of lines of JSON.
const LINES: &str = "application/jsonl";

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_releases)
        .service(get_release_lines)
        .service(get_release)
        .service(list_records)
        .service(get_record)
        .service(list_changes)
        .service(list_months)
        .service(get_month)
        .service(get_extension)
        .service(get_extension_schema)
        .service(list_registered_suppliers)
        .service(list_registered_products)
        .service(get_statistics);
}

fn place(app: &App) -> Place {
    Place::new(&app.config.public_address())
}

/// Cursors are identifiers; a number is one as it is.
fn after(page: &PageQuery) -> Result<i64, Failure> {
    Ok(page.after()?.map_or(0, |cursor| i64::try_from(cursor.as_u128()).unwrap_or(i64::MAX)))
}

fn cursor_of(number: i64) -> Uuid {
    Uuid::from_u128(u128::try_from(number).unwrap_or_default())
}

fn mark_of(text: &str) -> String {
    sha256_hex(text.as_bytes()).get(..32).unwrap_or_default().to_owned()
}

/// The text, for whoever does not hold it.
fn kept(
    request: &HttpRequest,
    kind: &'static str,
    modified: Option<Timestamp>,
    seconds: u32,
    text: String,
) -> HttpResponse {
    let fresh = Fresh { mark: mark_of(&text), modified, seconds };
    fresh.respond(request, |answer| answer.content_type(kind).body(text))
}

fn shown(request: &HttpRequest, seconds: u32, view: &impl Serialize) -> Result<HttpResponse, Failure> {
    let text = serde_json::to_string(view).map_err(|error| {
        tracing::error!(%error, "an answer cannot be written");
        Failure::from(Problem::internal())
    })?;
    Ok(kept(request, "application/json", None, seconds, text))
}

/// The page after this one.
fn next_url(place: &Place, list: &str, page: &PageQuery, next: Option<&str>) -> Option<String> {
    let limit = page.limit.map(|limit| format!("&limit={limit}")).unwrap_or_default();
    next.map(|cursor| place.of(&format!("{list}?cursor={cursor}{limit}")))
}

/// List releases of procurements, oldest first, as release packages of OCDS 1.1.5 (采购信息发布).
#[utoipa::path(
    tags = ["open-data", "public"],
    params(PageQuery),
    responses(
        (status = 200, description = "A package of releases; may be kept a minute", body = ReleasePackage),
        (status = 304, description = "What you hold is what there is"),
    )
)]
#[get("/open-data/releases")]
async fn list_releases(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    request: HttpRequest,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    let limit = page.0.limit()?;
    let rows =
        store::releases_after(app.reader(), after(&page.0)?, None, limit + 1).await.map_err(OpenDataError::from)?;
    let Page { items, next } = Page::of(rows, limit, |row| cursor_of(row.number), |row| row);
    let place = place(&app);
    let published = items.last().map_or_else(|| app.clock.now(), |row| row.released_at);
    let next = next_url(&place, "releases", &page.0, next.as_deref());
    let uri = format!("{}?{}", place.of("releases"), request.query_string());
    let text = releases(&place, uri.trim_end_matches('?'), published, next.as_deref(), &items)?;
    Ok(kept(&request, "application/json", Some(published), GROWING, text))
}

fn releases(
    place: &Place,
    uri: &str,
    published: Timestamp,
    next: Option<&str>,
    rows: &[open_release::Model],
) -> Result<String, OpenDataError> {
    let texts = rows.iter().map(package::release).collect::<Result<Vec<_>, _>>()?;
    let head = package::head(place, Kind::Releases, uri, published, next);
    Ok(format!("{head}{}{}", texts.join(","), package::TAIL))
}

/// Show one release as a package of its own.
#[utoipa::path(
    tags = ["open-data", "public"],
    params(("release_id" = String, Path, description = "The release", example = "ocds-000000-D20260302-7K3M9Q2A-001")),
    responses(
        (status = 200, description = "A package of one release; it never changes", body = ReleasePackage),
        (status = 304, description = "What you hold is what there is"),
    )
)]
#[get("/open-data/releases/{release_id}")]
async fn get_release(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let found = store::release(app.reader(), &id).await.map_err(OpenDataError::from)?;
    let row = found.ok_or(OpenDataError::NotFound)?;
    let place = place(&app);
    let uri = place.of(&format!("releases/{}", row.release_id));
    let text = releases(&place, &uri, row.released_at, None, std::slice::from_ref(&row))?;
    Ok(kept(&request, "application/json", Some(row.released_at), OVER, text))
}

/// List records: each procurement as all its releases come to, those that changed longest ago first (采购记录).
#[utoipa::path(
    tags = ["open-data", "public"],
    params(PageQuery),
    responses(
        (status = 200, description = "A package of records with the addresses of their releases", body = RecordPackage),
        (status = 304, description = "What you hold is what there is"),
    )
)]
#[get("/open-data/records")]
async fn list_records(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    request: HttpRequest,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    let limit = page.0.limit()?;
    let rows = store::processes_after(app.reader(), after(&page.0)?, limit + 1).await.map_err(OpenDataError::from)?;
    let Page { items, next } = Page::of(rows, limit, |row| cursor_of(row.last_number), |row| row);
    let groups: Vec<OrderGroupId> = items.iter().map(|row| row.group_id).collect();
    let all = store::releases_of(app.reader(), &groups).await.map_err(OpenDataError::from)?;
    let mut by_group: HashMap<OrderGroupId, Vec<&open_release::Model>> = HashMap::new();
    for row in &all {
        by_group.entry(row.group_id).or_default().push(row);
    }
    let place = place(&app);
    let mut texts = Vec::with_capacity(items.len());
    for row in &items {
        let of = by_group.get(&row.group_id).map_or(&[][..], Vec::as_slice);
        texts.push(package::record(&place, row, of, false)?);
    }
    let published = items.last().and_then(|row| row.released_at).unwrap_or_else(|| app.clock.now());
    let next = next_url(&place, "records", &page.0, next.as_deref());
    let uri = format!("{}?{}", place.of("records"), request.query_string());
    let head = package::head(&place, Kind::Records, uri.trim_end_matches('?'), published, next.as_deref());
    let text = format!("{head}{}{}", texts.join(","), package::TAIL);
    Ok(kept(&request, "application/json", Some(published), GROWING, text))
}

/// Show the record of a procurement with all its releases.
#[utoipa::path(
    tags = ["open-data", "public"],
    params(("ocid" = String, Path, description = "The procurement", example = "ocds-000000-D20260302-7K3M9Q2A")),
    responses(
        (status = 200, description = "A package of one record with its releases", body = RecordPackage),
        (status = 304, description = "What you hold is what there is"),
    )
)]
#[get("/open-data/records/{ocid}")]
async fn get_record(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    request: HttpRequest,
    ocid: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let found = store::process(app.reader(), &ocid).await.map_err(OpenDataError::from)?;
    let row = found.ok_or(OpenDataError::NotFound)?;
    let all = store::releases_of(app.reader(), &[row.group_id]).await.map_err(OpenDataError::from)?;
    let place = place(&app);
    let record = package::record(&place, &row, &all.iter().collect::<Vec<_>>(), true)?;
    let published = row.released_at.unwrap_or_else(|| app.clock.now());
    let head = package::head(&place, Kind::Records, &place.of(&format!("records/{}", row.ocid)), published, None);
    Ok(kept(&request, "application/json", Some(published), GROWING, format!("{head}{record}{}", package::TAIL)))
}

/// List what was published since a cursor, oldest first; the cursor it gives is good now and later (变更流).
#[utoipa::path(
    tags = ["open-data", "public"],
    params(PageQuery),
    responses(
        (status = 200, description = "What is new; may be kept a minute", body = OpenChanges),
        (status = 304, description = "What you hold is what there is"),
    )
)]
#[get("/open-data/changes")]
async fn list_changes(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    request: HttpRequest,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    let limit = page.0.limit()?;
    let rows = store::releases_after(app.reader(), after(&page.0)?, None, limit).await.map_err(OpenDataError::from)?;
    let place = place(&app);
    let next = rows.last().map(|row| write_cursor(cursor_of(row.number))).or_else(|| page.0.cursor.clone());
    let items = rows.into_iter().map(|row| OpenChange {
        url: place.of(&format!("releases/{}", row.release_id)),
        ocid: row.ocid,
        release_id: row.release_id,
        date: row.released_at,
        tags: row.tags.split(',').map(str::to_owned).collect(),
        sha256: row.sha256,
    });
    shown(&request, GROWING, &OpenChanges { items: items.collect(), next })
}

/// List the months of which everything can be had at once, newest first.
#[utoipa::path(
    tags = ["open-data", "public"],
    responses(
        (status = 200, description = "The months", body = OpenMonths),
        (status = 304, description = "What you hold is what there is"),
    )
)]
#[get("/open-data/months")]
async fn list_months(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let place = place(&app);
    let rows = store::months(app.reader(), None).await.map_err(OpenDataError::from)?;
    let items = rows.into_iter().map(|row| OpenMonth {
        url: place.of(&format!("months/{}", row.month)),
        lines_url: place.of(&format!("releases.jsonl?month={}", row.month)),
        month: row.month,
        releases: row.releases,
        modified: row.released_at,
    });
    shown(&request, GROWING, &OpenMonths { items: items.collect() })
}

fn is_month(text: &str) -> bool {
    let of_year = text.len() == 7 && text.as_bytes().get(4) == Some(&b'-');
    of_year && text.bytes().enumerate().all(|(place, byte)| place == 4 || byte.is_ascii_digit())
}

/// How a month, or everything, may be kept; nothing when there is nothing.
async fn fresh_month(app: &App, month: Option<&str>) -> Result<Option<(Fresh, Timestamp)>, Failure> {
    let months = store::months(app.reader(), month).await.map_err(OpenDataError::from)?;
    let last = months.iter().max_by_key(|row| row.last_number);
    let now = business_date(app.clock.now()).format("%Y-%m").to_string();
    Ok(last.map(|last| {
        let is_over = month.is_some_and(|month| *month < *now);
        let mark = format!("{}-{}", month.unwrap_or("all"), last.last_number);
        let seconds = if is_over { OVER } else { GROWING };
        (Fresh { mark, modified: Some(last.released_at), seconds }, last.released_at)
    }))
}

/// Every release of a month, or of all, as its text, in their order.
fn all_releases(app: web::Data<App>, month: Option<String>) -> impl Stream<Item = Result<String, actix_web::Error>> {
    let batches = stream::unfold(Some(0), move |from| {
        let (app, month) = (app.clone(), month.clone());
        async move {
            let from = from?;
            let rows = match store::releases_after(app.reader(), from, month.as_deref(), BATCH).await {
                Ok(rows) => rows,
                Err(error) => return Some((vec![Err(Failure::from(OpenDataError::from(error)).into())], None)),
            };
            let last = rows.last()?.number;
            let texts = rows.iter().map(|row| package::release(row).map_err(|error| Failure::from(error).into()));
            Some((texts.collect::<Vec<_>>(), Some(last)))
        }
    });
    batches.flat_map(stream::iter)
}

/// Get every release of a month in one package (按月批量文件).
#[utoipa::path(
    tags = ["open-data", "public"],
    params(("month" = String, Path, description = "The month in Shanghai", example = "2026-03")),
    responses(
        (status = 200, description = "A package of all its releases; a month that is over does not change", body = ReleasePackage),
        (status = 304, description = "What you hold is what there is"),
    )
)]
#[get("/open-data/months/{month}")]
async fn get_month(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    request: HttpRequest,
    month: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let month = month.into_inner();
    let (fresh, published) = fresh_month(&app, Some(&month)).await?.ok_or(OpenDataError::NotFound)?;
    let place = place(&app);
    let head = package::head(&place, Kind::Releases, &place.of(&format!("months/{month}")), published, None);
    let mut is_first = true;
    let between = move |text: Result<String, actix_web::Error>| {
        let comma = if std::mem::take(&mut is_first) { "" } else { "," };
        text.map(|text| Bytes::from(format!("{comma}{text}")))
    };
    let body = stream::iter([Ok(Bytes::from(head))])
        .chain(all_releases(app.clone(), Some(month)).map(between))
        .chain(stream::iter([Ok(Bytes::from_static(package::TAIL.as_bytes()))]));
    Ok(fresh.respond(&request, |answer| answer.content_type("application/json").streaming(Box::pin(body))))
}

/// Get every release, or those of a month, one a line (JSON Lines).
#[utoipa::path(
    tags = ["open-data", "public"],
    params(LinesQuery),
    responses(
        (status = 200, description = "A release a line, oldest first", content((String = "application/jsonl"))),
        (status = 304, description = "What you hold is what there is"),
    )
)]
#[get("/open-data/releases.jsonl")]
async fn get_release_lines(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    request: HttpRequest,
    wanted: Query<LinesQuery>,
) -> Result<HttpResponse, Failure> {
    let month = wanted.0.month;
    if month.as_deref().is_some_and(|month| !is_month(month)) {
        return Err(OpenDataError::NoMonth.into());
    }
    let nothing = || Fresh { mark: "none".to_owned(), modified: None, seconds: GROWING };
    let fresh = fresh_month(&app, month.as_deref()).await?.map_or_else(nothing, |(fresh, _)| fresh);
    let body = all_releases(app.clone(), month).map(|text| text.map(|text| Bytes::from(text + "\n")));
    Ok(fresh.respond(&request, |answer| answer.content_type(LINES).streaming(Box::pin(body))))
}

/// Show the extension of the standard in which the relief facts are declared.
#[utoipa::path(
    tags = ["open-data", "public"],
    responses(
        (status = 200, description = "The extension", body = Object),
        (status = 304, description = "What you hold is what there is"),
    )
)]
#[get("/open-data/extension/extension.json")]
async fn get_extension(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    Ok(kept(&request, "application/json", None, BY_THE_HOUR, place(&app).extension()))
}

/// Show the schema of the extension, a patch of the standard's release schema.
#[utoipa::path(
    tags = ["open-data", "public"],
    responses(
        (status = 200, description = "The patch", body = Object),
        (status = 304, description = "What you hold is what there is"),
    )
)]
#[get("/open-data/extension/release-schema.json")]
async fn get_extension_schema(_grant: Grant<ReadPublic>, request: HttpRequest) -> Result<HttpResponse, Failure> {
    Ok(kept(&request, "application/json", None, BY_THE_HOUR, EXTENSION_SCHEMA.to_owned()))
}

/// List the admitted suppliers (供应商名录).
#[utoipa::path(
    tags = ["open-data", "public"],
    params(PageQuery),
    responses(
        (status = 200, description = "A page of suppliers; may be kept an hour", body = Page<RegisteredSupplier>),
        (status = 304, description = "What you hold is what there is"),
    )
)]
#[get("/open-data/suppliers")]
async fn list_registered_suppliers(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    request: HttpRequest,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    shown(&request, BY_THE_HOUR, &register::suppliers(app.reader(), &page.0).await?)
}

/// List the products on the shelf with their certificates (产品名录).
#[utoipa::path(
    tags = ["open-data", "public"],
    params(PageQuery),
    responses(
        (status = 200, description = "A page of products; may be kept an hour", body = Page<RegisteredProduct>),
        (status = 304, description = "What you hold is what there is"),
    )
)]
#[get("/open-data/products")]
async fn list_registered_products(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    request: HttpRequest,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    shown(&request, BY_THE_HOUR, &register::products(app.reader(), &page.0).await?)
}

/// Show public figures of a span of days, in all and by county (公开统计).
#[utoipa::path(
    tags = ["open-data", "public"],
    params(StatisticsQuery),
    responses(
        (status = 200, description = "The figures; may be kept an hour", body = Statistics),
        (status = 304, description = "What you hold is what there is"),
    )
)]
#[get("/open-data/statistics")]
async fn get_statistics(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    request: HttpRequest,
    wanted: Query<StatisticsQuery>,
) -> Result<HttpResponse, Failure> {
    let today = business_date(app.clock.now());
    let groups = SmallestGroup::public(app.config.smallest_group);
    shown(&request, BY_THE_HOUR, &register::statistics(app.reader(), &wanted.0, today, groups).await?)
}
