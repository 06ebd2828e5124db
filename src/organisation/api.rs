//! Organisations over HTTP.

use super::service;
use super::view::{AddOrganisation, Organisation, OrganisationFilter};
use crate::access::Grant;
use crate::access::policy::{AddOrganisation as MayAdd, ViewOrganisation};
use crate::app::App;
use crate::http::{Body, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::OrganisationId;
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(add_organisation).service(list_organisations).service(show_organisation);
}

/// Enter an organisation of the public side, or an enterprise.
///
/// County offices, finance departments, units and their tree, villages, enterprises, auditors.
/// Suppliers register themselves with `POST /registrations`.
#[utoipa::path(tag = "organisations", request_body = AddOrganisation, responses(
    (status = 201, description = "It is entered.", body = Organisation, headers(("ETag" = String, description = "Its version"))),
))]
#[post("/organisations")]
async fn add_organisation(
    grant: Grant<MayAdd>,
    app: web::Data<App>,
    wanted: Body<AddOrganisation>,
) -> Result<HttpResponse, Failure> {
    let work = async |tx: &crate::db::Tx| service::enter(tx, &app.secrets, &grant, &wanted.0).await;
    let made = app.transact(grant.actor(), work).await?;
    Ok(tagged(StatusCode::CREATED, made.version, &made))
}

/// List the organisations you may see, oldest first.
#[utoipa::path(tag = "organisations", params(PageQuery, OrganisationFilter), responses(
    (status = 200, description = "One page of organisations.", body = Page<Organisation>),
))]
#[get("/organisations")]
async fn list_organisations(
    grant: Grant<ViewOrganisation>,
    app: web::Data<App>,
    page: Query<PageQuery>,
    filter: Query<OrganisationFilter>,
) -> Result<HttpResponse, Failure> {
    let (limit, after) = (page.0.limit()?, page.0.after()?);
    let rows = service::list(app.reader(), &app.secrets, &grant, &filter.0, after, limit + 1).await?;
    Ok(HttpResponse::Ok().json(Page::of(rows, limit, |row| row.id.uuid(), |row| row)))
}

/// Show an organisation.
#[utoipa::path(tag = "organisations", params(("id" = OrganisationId, Path, description = "Which organisation")), responses(
    (status = 200, description = "The organisation.", body = Organisation, headers(("ETag" = String, description = "Its version"))),
))]
#[get("/organisations/{id}")]
async fn show_organisation(
    grant: Grant<ViewOrganisation>,
    app: web::Data<App>,
    id: web::Path<OrganisationId>,
) -> Result<HttpResponse, Failure> {
    let found = service::show(app.reader(), &app.secrets, &grant, *id).await?;
    Ok(tagged(StatusCode::OK, found.version, &found))
}
