//! Changes of organisations over HTTP.

use super::service;
use super::view::{ChangeOrganisation, OrganisationHistory};
use crate::access::Grant;
use crate::access::policy::{ChangeOrganisation as MayChange, ViewOrganisation};
use crate::app::App;
use crate::db::Tx;
use crate::http::{Body, IfMatch, IfMatchHeader, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::OrganisationId;
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(change_organisation).service(get_organisation_history);
}

/// Record that an organisation was renamed, moved under another, merged, split or abolished (单位变更).
///
/// By a document of yours, from a day on. One that ended acts no more: its members go on for the one successor or are
/// stopped, their sessions end, and nothing can be ordered of it. What stood below one that was merged stands below
/// its successor. One that was moved is seen by those above it now, and in what is told as of a day before by those
/// above it then. Orders of before keep the name of before.
#[utoipa::path(
    tag = "organisations", params(("id" = OrganisationId, Path, description = "Which organisation"), IfMatchHeader),
    request_body = ChangeOrganisation,
    responses((status = 201, description = "It is recorded", body = OrganisationHistory)),
)]
#[post("/organisations/{id}/changes")]
async fn change_organisation(
    grant: Grant<MayChange>,
    app: web::Data<App>,
    id: web::Path<OrganisationId>,
    version: IfMatch,
    wanted: Body<ChangeOrganisation>,
) -> Result<HttpResponse, Failure> {
    let work = async |tx: &Tx| service::record(tx, &grant, *id, version, &wanted.0).await;
    let recorded = app.transact(grant.actor(), work).await?;
    app.tokens.end(&recorded.ended, app.clock.now());
    Ok(tagged(StatusCode::CREATED, recorded.history.version, &recorded.history))
}

/// Show what became of an organisation, and for whom it goes on (单位沿革).
#[utoipa::path(tag = "organisations", params(("id" = OrganisationId, Path, description = "Which organisation")), responses(
    (status = 200, description = "Its history", body = OrganisationHistory),
))]
#[get("/organisations/{id}/history")]
async fn get_organisation_history(
    grant: Grant<ViewOrganisation>,
    app: web::Data<App>,
    id: web::Path<OrganisationId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::history(app.reader(), &grant, *id).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}
