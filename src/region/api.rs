//! Divisions and the 832 counties over HTTP, for everybody.

use super::view::{Division, DivisionDay, DivisionFilter, ReliefCounty, ReliefCountyFilter};
use super::{CountyFilter, list_relief_counties, service};
use crate::access::Grant;
use crate::access::policy::ReadPublic;
use crate::app::App;
use crate::http::{Page, PageQuery, Query};
use crate::problem::{self, Failure, Problem};
use actix_web::{HttpResponse, get, web};
use entity::value::AreaCode;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The routes of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_divisions_below).service(show_division).service(list_counties).service(show_county);
}

/// List the divisions in another, or the provinces, by code.
///
/// A division has at most a few dozen below it: always one page. With a day, those that had a code on it.
#[utoipa::path(tags = ["regions", "public"], params(DivisionFilter), responses(
    (status = 200, description = "All divisions there.", body = Page<Division>),
))]
#[get("/divisions")]
async fn list_divisions_below(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    filter: Query<DivisionFilter>,
) -> Result<HttpResponse, Failure> {
    let items = service::list(app.reader(), filter.0.parent.as_ref(), filter.0.on).await?;
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

/// Show a division, also one whose code ended (行政区划代码沿革): from when to when it was in force, and what it became.
#[utoipa::path(tags = ["regions", "public"], params(("code" = AreaCode, Path, description = "Its code"), DivisionDay), responses(
    (status = 200, description = "The division.", body = Division),
))]
#[get("/divisions/{code}")]
async fn show_division(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    query: Query<DivisionDay>,
    code: web::Path<AreaCode>,
) -> Result<HttpResponse, Failure> {
    let found = service::show(app.reader(), &code, query.0.on).await?;
    let found = found.ok_or_else(|| Problem::plain(&problem::NOT_FOUND))?;
    Ok(HttpResponse::Ok().json(found))
}

/// List the 832 counties lifted out of poverty, by their code on the list.
#[utoipa::path(tags = ["regions", "public"], params(PageQuery, ReliefCountyFilter), responses(
    (status = 200, description = "One page of counties.", body = Page<ReliefCounty>),
))]
#[get("/relief-counties")]
async fn list_counties(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    page: Query<PageQuery>,
    filter: Query<ReliefCountyFilter>,
) -> Result<HttpResponse, Failure> {
    let limit = page.0.limit()?;
    let after = page.0.after()?.map(code_of).transpose()?;
    let ReliefCountyFilter { province, name } = filter.0;
    let name = name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    if name.is_some_and(|name| name.chars().count() > 40) {
        return Err(Problem::invalid("?name", "name 不超过 40 个字符。", "name has at most 40 characters.").into());
    }
    let wanted = CountyFilter { province: province.as_ref(), name, after: after.as_ref(), limit: limit + 1 };
    let rows = list_relief_counties(app.reader(), wanted).await?;
    Ok(HttpResponse::Ok().json(Page::of(rows, limit, |row| cursor_of(&row.code), ReliefCounty::from)))
}

/// Cursors are identifiers; a code is one as a number.
fn cursor_of(code: &AreaCode) -> Uuid {
    Uuid::from_u128(code.as_str().parse().unwrap_or_default())
}

fn code_of(cursor: Uuid) -> Result<AreaCode, Problem> {
    AreaCode::parse(&cursor.as_u128().to_string())
        .map_err(|_| Problem::invalid("?cursor", "cursor 不是本接口给出的。", "The cursor was not given by this list."))
}

/// Show one of the 832 counties, by its code on the list of 2014 or by its code today.
#[utoipa::path(tags = ["regions", "public"], params(("code" = AreaCode, Path, description = "Its code then or today")), responses(
    (status = 200, description = "The county.", body = ReliefCounty),
))]
#[get("/relief-counties/{code}")]
async fn show_county(
    _grant: Grant<ReadPublic>,
    app: web::Data<App>,
    code: web::Path<AreaCode>,
) -> Result<HttpResponse, Failure> {
    let found = super::relief_county(app.reader(), &code).await?;
    let found = found.ok_or_else(|| Problem::plain(&problem::NOT_FOUND))?;
    Ok(HttpResponse::Ok().json(ReliefCounty::from(found)))
}
