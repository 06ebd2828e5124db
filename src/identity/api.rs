//! Registering and roles over HTTP.

use super::view::{AddMember, Me, Member, Registered, Registration};
use super::{IdentityError, factor, hash_password, invitation, key, member, reset, service, session};
use crate::access::policy::{AddMember as MayAddMember, Register, ViewSelf};
use crate::access::{AccessError, Grant};
use crate::app::App;
use crate::http::{Body, Door};
use crate::problem::Failure;
use actix_web::{HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this domain.
pub fn routes(cfg: &mut ServiceConfig) {
    session::routes(cfg);
    // Fixed words before placeholders: `/members/import` is not a member.
    invitation::routes(cfg);
    member::routes(cfg);
    reset::routes(cfg);
    factor::routes(cfg);
    key::routes(cfg);
    cfg.service(show_me).service(register).service(add_member);
}

/// Show who is signed in, and for whom.
#[utoipa::path(tag = "sessions", responses((status = 200, description = "You.", body = Me)))]
#[get("/me")]
async fn show_me(grant: Grant<ViewSelf>, app: web::Data<App>) -> Result<HttpResponse, Failure> {
    let member = grant.actor().member().ok_or(AccessError::NotSignedIn)?;
    Ok(HttpResponse::Ok().json(service::whoami(app.reader(), member).await?))
}

/// Register a supplier or an enterprise, together with its first clerk.
#[utoipa::path(tags = ["organisations", "public"], request_body = Registration, responses(
    (status = 201, description = "It is registered, and its clerk can sign in.", body = Registered),
    (status = 429, description = "Too many requests; come back after Retry-After seconds"),
))]
#[post("/registrations")]
async fn register(
    _door: Door,
    grant: Grant<Register>,
    app: web::Data<App>,
    wanted: Body<Registration>,
) -> Result<HttpResponse, Failure> {
    let hash = hash_password(wanted.0.clerk.password.reveal()).await?;
    let work = async |tx: &crate::db::Tx| service::register(tx, &app.secrets, &grant, &wanted.0, &hash).await;
    Ok(HttpResponse::Created().json(app.transact(grant.actor(), work).await?))
}

/// Give somebody a role in an organisation, entering them when they are new.
#[utoipa::path(tag = "members", request_body = AddMember, responses(
    (status = 201, description = "The role is given.", body = Member),
))]
#[post("/members")]
async fn add_member(
    grant: Grant<MayAddMember>,
    app: web::Data<App>,
    wanted: Body<AddMember>,
) -> Result<HttpResponse, Failure> {
    let hash = match &wanted.0.password {
        Some(password) => Some(hash_password(password.reveal()).await?),
        None => None,
    };
    let work = async |tx: &crate::db::Tx| -> Result<Member, IdentityError> {
        service::add_member(tx, &grant, &wanted.0, hash.as_deref()).await
    };
    Ok(HttpResponse::Created().json(app.transact(grant.actor(), work).await?))
}
