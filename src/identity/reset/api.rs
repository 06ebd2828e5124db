//! New passwords over HTTP.

use super::service;
use super::view::{ChangePassword, ForgottenPassword, ResetPassword};
use crate::access::policy::{ChangePassword as MayChange, ResetPassword as MayReset};
use crate::access::{AccessError, Actor, Grant};
use crate::app::App;
use crate::db::Tx;
use crate::http::{Body, Door, Origin};
use crate::identity::session::Proof;
use crate::identity::{hash_password, store as people};
use crate::problem::{Failure, Problem};
use actix_web::{HttpResponse, post, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of passwords.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(ask_for_password_reset).service(reset_password).service(change_password);
}

/// Ask for a new password (忘记密码).
///
/// If the name is somebody's whom mail reaches, a token is on its way to them. The answer is the same in any case.
#[utoipa::path(tags = ["sessions", "public"], request_body = ForgottenPassword, responses(
    (status = 202, description = "It is noted"),
    (status = 429, description = "Too many requests; come back after Retry-After seconds"),
))]
#[post("/password-resets")]
async fn ask_for_password_reset(
    _door: Door,
    grant: Grant<MayReset>,
    app: web::Data<App>,
    wanted: Body<ForgottenPassword>,
) -> Result<HttpResponse, Failure> {
    let username = &wanted.0.username;
    app.transact(grant.actor(), async |tx: &Tx| service::ask(tx, &app.secrets, username).await).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Set a new password with the token of the mail; every session ends.
#[utoipa::path(tags = ["sessions", "public"], request_body = ResetPassword, responses(
    (status = 204, description = "Sign in with it"),
    (status = 429, description = "Too many requests; come back after Retry-After seconds"),
))]
#[post("/password-resets/confirm")]
async fn reset_password(
    _door: Door,
    _grant: Grant<MayReset>,
    origin: Origin,
    app: web::Data<App>,
    wanted: Body<ResetPassword>,
) -> Result<HttpResponse, Failure> {
    let hash = hash_password(wanted.0.password.reveal()).await?;
    let work = async |tx: &Tx| service::reset(tx, &app.secrets, &origin, &wanted.0.token, &hash).await;
    let ended = app.transact(&Actor::Public, work).await?;
    app.tokens.end(&ended, app.clock.now());
    Ok(HttpResponse::NoContent().finish())
}

/// Change your password; your other sessions end.
#[utoipa::path(tag = "sessions", request_body = ChangePassword, responses(
    (status = 204, description = "It is changed"),
    (status = 401, description = "The present password is wrong"),
    (status = 429, description = "Too many attempts; come back after Retry-After seconds"),
))]
#[put("/me/password")]
async fn change_password(
    grant: Grant<MayChange>,
    _door: Door,
    origin: Origin,
    app: web::Data<App>,
    wanted: Body<ChangePassword>,
) -> Result<HttpResponse, Failure> {
    let member = grant.actor().member().ok_or(AccessError::NotSignedIn)?;
    let person = people::find_person(app.reader(), member.person).await?.ok_or(AccessError::TokenInvalid)?;
    let (current, new) = (&wanted.0.current_password, wanted.0.new_password.reveal());
    if current == new {
        let (zh, en) = ("新密码应与原密码不同。", "It is the password until now.");
        return Err(Problem::invalid("/new_password", zh, en).into());
    }
    let typed = (person.username.as_str(), current.as_str());
    let proof = Proof::look(app.reader(), &app.secrets, app.clock.now(), &origin, typed).await?;
    let hash = hash_password(new).await?;
    let work = async |tx: &Tx| service::change(tx, &proof, member.session, &hash).await;
    let ended = app.transact(grant.actor(), work).await??;
    app.tokens.end(&ended, app.clock.now());
    Ok(HttpResponse::NoContent().finish())
}
