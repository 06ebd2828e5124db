//! Seals over HTTP, for everybody.

use super::view::Seal;
use super::{SealError, store};
use crate::access::Grant;
use crate::access::policy::ReadPublic;
use crate::app::App;
use crate::http::{Page, PageQuery, Query};
use crate::problem::Failure;
use actix_web::{HttpResponse, get, web};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Registers every operation of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_seals).service(get_seal);
}

/// List the seals of the journal, newest first (账簿封印).
#[utoipa::path(
    tags = ["seals", "public"],
    params(PageQuery),
    responses((status = 200, description = "A page of seals", body = Page<Seal>))
)]
#[get("/seals")]
async fn list_seals(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    let limit = page.0.limit()?;
    // Cursors are identifiers; a number is one as it is.
    let before = page.0.after()?.map(|cursor| i64::try_from(cursor.as_u128()).unwrap_or(i64::MAX));
    let rows = store::list(app.reader(), before, limit + 1).await.map_err(SealError::from)?;
    let cursor_of = |row: &entity::seal::Model| Uuid::from_u128(u128::try_from(row.number).unwrap_or_default());
    Ok(HttpResponse::Ok().json(Page::of(rows, limit, cursor_of, Seal::from)))
}

/// Show a seal.
#[utoipa::path(
    tags = ["seals", "public"],
    params(("number" = i64, Path, description = "Its place in the chain")),
    responses((status = 200, description = "The seal", body = Seal))
)]
#[get("/seals/{number}")]
async fn get_seal(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    number: web::Path<i64>,
) -> Result<HttpResponse, Failure> {
    let found = super::find(app.reader(), number.into_inner()).await?.ok_or(SealError::NotFound)?;
    Ok(HttpResponse::Ok().json(Seal::from(found)))
}
