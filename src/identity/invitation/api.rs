//! Invitations over HTTP.

use super::service::{self, Acceptor};
use super::sheet;
use super::view::{AcceptInvitation, ImportQuery, ImportedMembers, Invitation, InvitationQuery, Invite, SheetContent};
use crate::access::policy::{AcceptInvitation as MayAccept, KeepMember, ViewMember};
use crate::access::{Actor, Grant};
use crate::app::App;
use crate::db::Tx;
use crate::http::{Body, Door, Origin, Page, Query, tagged};
use crate::identity::hash_password;
use crate::identity::session::Proof;
use crate::identity::view::Member;
use crate::problem::{Failure, Problem};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::InvitationId;
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of invitations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(invite_member)
        .service(list_invitations)
        .service(accept_invitation)
        .service(get_invitation)
        .service(revoke_invitation)
        .service(import_members);
}

/// Invite somebody to act for your organisation (邀请成员).
///
/// A mail brings them a token that is good once, within seven days.
#[utoipa::path(tag = "members", request_body = Invite, responses(
    (status = 201, description = "The mail goes out", body = Invitation),
))]
#[post("/invitations")]
async fn invite_member(
    grant: Grant<KeepMember>,
    app: web::Data<App>,
    wanted: Body<Invite>,
) -> Result<HttpResponse, Failure> {
    let work = async |tx: &Tx| service::invite(tx, &app.secrets, &grant, &wanted.0).await;
    let made = app.transact(grant.actor(), work).await?;
    Ok(tagged(StatusCode::CREATED, made.version, &made))
}

/// List invitations, newest first.
#[utoipa::path(tag = "members", params(InvitationQuery), responses(
    (status = 200, description = "A page of invitations", body = Page<Invitation>),
))]
#[get("/invitations")]
async fn list_invitations(
    grant: Grant<ViewMember>,
    app: web::Data<App>,
    query: Query<InvitationQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &query.0, app.clock.now()).await?))
}

/// Show an invitation.
#[utoipa::path(tag = "members", params(("id" = InvitationId, Path, description = "The invitation")), responses(
    (status = 200, description = "The invitation", body = Invitation),
))]
#[get("/invitations/{id}")]
async fn get_invitation(
    grant: Grant<ViewMember>,
    app: web::Data<App>,
    id: web::Path<InvitationId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), grant.scope(), *id, app.clock.now()).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// Take an invitation back; its token is worth nothing from now on.
#[utoipa::path(tag = "members", params(("id" = InvitationId, Path, description = "The invitation")), responses(
    (status = 200, description = "It is taken back", body = Invitation),
))]
#[post("/invitations/{id}/revoke")]
async fn revoke_invitation(
    grant: Grant<KeepMember>,
    app: web::Data<App>,
    id: web::Path<InvitationId>,
) -> Result<HttpResponse, Failure> {
    let revoked = app.transact(grant.actor(), async |tx| service::revoke(tx, &grant, *id).await).await?;
    Ok(tagged(StatusCode::OK, revoked.version, &revoked))
}

/// Accept an invitation with the token of the mail.
///
/// With `has_account` the role is added to the account whose user name and password are given; otherwise a new person
/// is entered with them. Not by whoever invited.
#[utoipa::path(tags = ["members", "public"], request_body = AcceptInvitation, responses(
    (status = 201, description = "You act for the organisation and can sign in", body = Member),
    (status = 401, description = "The user name or the password is wrong"),
    (status = 429, description = "Too many requests; come back after Retry-After seconds"),
))]
#[post("/invitations/accept")]
async fn accept_invitation(
    _door: Door,
    _grant: Grant<MayAccept>,
    origin: Origin,
    app: web::Data<App>,
    wanted: Body<AcceptInvitation>,
) -> Result<HttpResponse, Failure> {
    let (username, password) = (wanted.0.username.as_str(), wanted.0.password.reveal());
    let acceptor = if wanted.0.has_account {
        let typed = (username, password);
        let proof = Proof::look(app.reader(), &app.secrets, app.clock.now(), &origin, typed).await?;
        Acceptor::Known(Box::new(proof))
    } else {
        Acceptor::New(hash_password(password).await?)
    };
    let work = async |tx: &Tx| service::accept(tx, &wanted.0, &acceptor).await;
    let made = app.transact(&Actor::Public, work).await??;
    Ok(HttpResponse::Created().json(made))
}

/// Import accounts from a sheet (批量导入账号).
///
/// `.xlsx` or UTF-8 `.csv` with the columns 姓名, 电子邮箱, 岗位 (or display_name, email, role); at most 500 rows and
/// 256 KiB. Every row is looked at and told. Only with `commit=true`, and only when every row is good, everybody is
/// invited by mail.
#[utoipa::path(
    tag = "members", params(ImportQuery),
    request_body(description = "The sheet.", content(
        (SheetContent = "text/csv"), (SheetContent = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    )),
    responses((status = 200, description = "What becomes of each row", body = ImportedMembers)),
)]
#[post("/members/import")]
async fn import_members(
    grant: Grant<KeepMember>,
    app: web::Data<App>,
    query: Query<ImportQuery>,
    body: web::Bytes,
) -> Result<HttpResponse, Failure> {
    // Unpacking a workbook takes a while: not on the threads of requests.
    let read = web::block(move || sheet::cells(&body)).await.map_err(|_| Problem::internal())?;
    let lines = read?;
    let (named, commit) = (query.0.organisation_id, query.0.commit.unwrap_or(false));
    let work = async |tx: &Tx| service::import(tx, &app.secrets, &grant, named, &lines, commit).await;
    Ok(HttpResponse::Ok().json(app.transact(grant.actor(), work).await?))
}
