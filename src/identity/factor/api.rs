//! Second factors over HTTP. Name and password are asked for each time: whoever must set one up has no session yet.

use super::service::{self, Demand};
use super::view::{BeginSecondFactor, ProveSecondFactor, RecoveryCodes, SecondFactorSecret};
use crate::access::policy::KeepSecondFactor;
use crate::access::{Actor, Grant};
use crate::app::App;
use crate::db::Tx;
use crate::http::{Body, Door, Origin};
use crate::identity::IdentityError;
use crate::identity::session::Proof;
use crate::problem::Failure;
use actix_web::http::header;
use actix_web::{HttpResponse, post, web};
use serde::Serialize;
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of second factors.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(begin_second_factor).service(confirm_second_factor).service(remove_second_factor);
}

async fn look(app: &App, origin: &Origin, username: &str, password: &str) -> Result<Proof, IdentityError> {
    Proof::look(app.reader(), &app.secrets, app.clock.now(), origin, (username, password)).await
}

/// A secret in a shared cache would be anybody's.
fn given(secret: &impl Serialize) -> HttpResponse {
    HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(secret)
}

/// Begin to set up a second factor (绑定动态口令).
///
/// Gives a secret for an authenticator; it counts once it is confirmed. One that is in use stays until then, and its
/// code is asked for.
#[utoipa::path(tags = ["sessions", "public"], request_body = BeginSecondFactor, responses(
    (status = 201, description = "Show it to an authenticator", body = SecondFactorSecret),
    (status = 401, description = "The user name, the password or the code is wrong"),
    (status = 429, description = "Too many attempts; come back after Retry-After seconds"),
))]
#[post("/second-factors")]
async fn begin_second_factor(
    _door: Door,
    _grant: Grant<KeepSecondFactor>,
    origin: Origin,
    app: web::Data<App>,
    wanted: Body<BeginSecondFactor>,
) -> Result<HttpResponse, Failure> {
    let proof = look(&app, &origin, &wanted.0.username, &wanted.0.password).await?;
    let work = async |tx: &Tx| service::begin(tx, &app.secrets, &proof, wanted.0.code.as_deref()).await;
    Ok(given(&app.transact(&Actor::Public, work).await??))
}

/// Confirm a second factor with a code of the authenticator (确认动态口令).
///
/// Gives ten recovery codes, once. Every session ends, for it began without the second factor.
#[utoipa::path(tags = ["sessions", "public"], request_body = ProveSecondFactor, responses(
    (status = 201, description = "Signing in asks for a code from now on", body = RecoveryCodes),
    (status = 401, description = "The user name, the password or the code is wrong"),
    (status = 429, description = "Too many attempts; come back after Retry-After seconds"),
))]
#[post("/second-factors/confirm")]
async fn confirm_second_factor(
    _door: Door,
    _grant: Grant<KeepSecondFactor>,
    origin: Origin,
    app: web::Data<App>,
    wanted: Body<ProveSecondFactor>,
) -> Result<HttpResponse, Failure> {
    let proof = look(&app, &origin, &wanted.0.username, &wanted.0.password).await?;
    let work = async |tx: &Tx| service::confirm(tx, &app.secrets, &proof, &wanted.0.code).await;
    let (codes, ended) = app.transact(&Actor::Public, work).await??;
    app.tokens.end(&ended, app.clock.now());
    Ok(given(&codes))
}

/// Take your second factor away (解绑动态口令); every session ends.
#[utoipa::path(tags = ["sessions", "public"], request_body = ProveSecondFactor, responses(
    (status = 204, description = "Signing in asks for the password alone"),
    (status = 401, description = "The user name, the password or the code is wrong"),
    (status = 429, description = "Too many attempts; come back after Retry-After seconds"),
))]
#[post("/second-factors/remove")]
async fn remove_second_factor(
    _door: Door,
    _grant: Grant<KeepSecondFactor>,
    origin: Origin,
    app: web::Data<App>,
    wanted: Body<ProveSecondFactor>,
) -> Result<HttpResponse, Failure> {
    let proof = look(&app, &origin, &wanted.0.username, &wanted.0.password).await?;
    let demand = Demand { secrets: &app.secrets, production: app.config.production };
    let work = async |tx: &Tx| service::remove(tx, &demand, &proof, &wanted.0.code).await;
    let ended = app.transact(&Actor::Public, work).await??;
    app.tokens.end(&ended, app.clock.now());
    Ok(HttpResponse::NoContent().finish())
}
