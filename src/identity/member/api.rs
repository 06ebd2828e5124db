//! Members over HTTP.

use super::service;
use super::view::{ChangeMember, MemberQuery, MemberReason, OrganisationMember};
use crate::access::Grant;
use crate::access::policy::{ClosePerson, KeepMember, ViewMember};
use crate::app::App;
use crate::db::Tx;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, PageQuery, Query, tagged};
use crate::identity::session::{OpenSession, open_of_membership};
use crate::identity::view::Person;
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, patch, post, web};
use entity::value::{MembershipId, MembershipState, SessionId};
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of members.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_members)
        .service(get_member)
        .service(change_member)
        .service(suspend_member)
        .service(reinstate_member)
        .service(remove_member)
        .service(list_member_sessions)
        .service(end_member_sessions)
        .service(close_account);
}

/// List who acts for your organisation, oldest first.
#[utoipa::path(tag = "members", params(MemberQuery), responses(
    (status = 200, description = "A page of members", body = Page<OrganisationMember>),
))]
#[get("/members")]
async fn list_members(
    grant: Grant<ViewMember>,
    app: web::Data<App>,
    query: Query<MemberQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &query.0).await?))
}

/// Show a member.
#[utoipa::path(tag = "members", params(("id" = MembershipId, Path, description = "The membership")), responses(
    (status = 200, description = "The member", body = OrganisationMember),
))]
#[get("/members/{id}")]
async fn get_member(
    grant: Grant<ViewMember>,
    app: web::Data<App>,
    id: web::Path<MembershipId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), grant.scope(), *id).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

fn answer(app: &App, decided: &service::Decided<OrganisationMember>) -> HttpResponse {
    app.tokens.end(&decided.ended, app.clock.now());
    tagged(StatusCode::OK, decided.outcome.version, &decided.outcome)
}

/// Give a member another role (调整岗位).
///
/// Not your own; and the last administrator stays one. Sessions in the old role end.
#[utoipa::path(
    tag = "members", params(("id" = MembershipId, Path, description = "The membership"), IfMatchHeader),
    request_body = ChangeMember, responses((status = 200, description = "The role is changed", body = OrganisationMember)),
)]
#[patch("/members/{id}")]
async fn change_member(
    grant: Grant<KeepMember>,
    app: web::Data<App>,
    id: web::Path<MembershipId>,
    version: IfMatch,
    wanted: Body<ChangeMember>,
) -> Result<HttpResponse, Failure> {
    let work = async |tx: &Tx| service::change(tx, &grant, *id, version, &wanted.0).await;
    Ok(answer(&app, &app.transact(grant.actor(), work).await?))
}

/// Suspend a member (停用): their sessions in this role end, and they sign in no more until reinstated.
#[utoipa::path(
    tag = "members", params(("id" = MembershipId, Path, description = "The membership"), IfMatchHeader),
    request_body = MemberReason, responses((status = 200, description = "They are suspended", body = OrganisationMember)),
)]
#[post("/members/{id}/suspend")]
async fn suspend_member(
    grant: Grant<KeepMember>,
    app: web::Data<App>,
    id: web::Path<MembershipId>,
    version: IfMatch,
    wanted: Body<MemberReason>,
) -> Result<HttpResponse, Failure> {
    let reason = Some(wanted.0.reason.as_str());
    let to = MembershipState::Suspended;
    let work = async |tx: &Tx| service::move_to(tx, &grant, *id, version, to, reason).await;
    Ok(answer(&app, &app.transact(grant.actor(), work).await?))
}

/// Reinstate a member who was suspended or removed (恢复).
#[utoipa::path(
    tag = "members", params(("id" = MembershipId, Path, description = "The membership"), IfMatchHeader),
    responses((status = 200, description = "They hold the role again", body = OrganisationMember)),
)]
#[post("/members/{id}/reinstate")]
async fn reinstate_member(
    grant: Grant<KeepMember>,
    app: web::Data<App>,
    id: web::Path<MembershipId>,
    version: IfMatch,
) -> Result<HttpResponse, Failure> {
    let to = MembershipState::Active;
    let work = async |tx: &Tx| service::move_to(tx, &grant, *id, version, to, None).await;
    Ok(answer(&app, &app.transact(grant.actor(), work).await?))
}

/// Take a role away (移除成员).
///
/// The person and everything they did stay; only this role is gone. The last administrator cannot be removed.
#[utoipa::path(
    tag = "members", params(("id" = MembershipId, Path, description = "The membership"), IfMatchHeader),
    request_body = MemberReason, responses((status = 200, description = "The role is taken away", body = OrganisationMember)),
)]
#[post("/members/{id}/remove")]
async fn remove_member(
    grant: Grant<KeepMember>,
    app: web::Data<App>,
    id: web::Path<MembershipId>,
    version: IfMatch,
    wanted: Body<MemberReason>,
) -> Result<HttpResponse, Failure> {
    let reason = Some(wanted.0.reason.as_str());
    let to = MembershipState::Removed;
    let work = async |tx: &Tx| service::move_to(tx, &grant, *id, version, to, reason).await;
    Ok(answer(&app, &app.transact(grant.actor(), work).await?))
}

/// List a member's sessions in this role that have not ended, the latest first.
#[utoipa::path(tag = "members", params(("id" = MembershipId, Path, description = "The membership"), PageQuery), responses(
    (status = 200, description = "A page of sessions", body = Page<OpenSession>),
))]
#[get("/members/{id}/sessions")]
async fn list_member_sessions(
    grant: Grant<ViewMember>,
    app: web::Data<App>,
    id: web::Path<MembershipId>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    let (limit, before) = (page.0.limit()?, page.0.after()?.map(SessionId::from_uuid));
    let member = service::show(app.reader(), grant.scope(), *id).await?;
    let rows = open_of_membership(app.reader(), member.id, app.clock.now(), before, limit + 1).await?;
    Ok(HttpResponse::Ok().json(Page::of(rows, limit, |session| session.id.uuid(), |session| session)))
}

/// End all sessions of a member in this role (强制下线).
#[utoipa::path(tag = "members", params(("id" = MembershipId, Path, description = "The membership")), responses(
    (status = 204, description = "They have ended"),
))]
#[delete("/members/{id}/sessions")]
async fn end_member_sessions(
    grant: Grant<KeepMember>,
    app: web::Data<App>,
    id: web::Path<MembershipId>,
) -> Result<HttpResponse, Failure> {
    let ended = app.transact(grant.actor(), async |tx| service::end_sessions(tx, &grant, *id).await).await?;
    app.tokens.end(&ended, app.clock.now());
    Ok(HttpResponse::NoContent().finish())
}

/// Close somebody's account for good (注销账号).
///
/// Nobody is deleted: orders, approvals and the audit keep the name of who did them.
#[utoipa::path(
    tag = "members", params(("id" = MembershipId, Path, description = "One of their memberships")),
    request_body = MemberReason,
    responses((status = 200, description = "The account is closed", body = Person)),
)]
#[post("/members/{id}/close-account")]
async fn close_account(
    grant: Grant<ClosePerson>,
    app: web::Data<App>,
    id: web::Path<MembershipId>,
    wanted: Body<MemberReason>,
) -> Result<HttpResponse, Failure> {
    let work = async |tx: &Tx| service::close(tx, &grant, *id, wanted.0.reason.as_str()).await;
    let closed = app.transact(grant.actor(), work).await?;
    app.tokens.end(&closed.ended, app.clock.now());
    Ok(HttpResponse::Ok().json(closed.outcome))
}
