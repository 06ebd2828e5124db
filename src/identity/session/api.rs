//! Signing in, renewing, switching and ending sessions over HTTP.

use super::service::{self, Terms};
use super::view::{OpenSession, Refresh, Session, SignIn, Switch};
use crate::access::policy::{EndSession, SignIn as MaySignIn, ViewSelf};
use crate::access::{AccessError, Actor, Grant};
use crate::app::App;
use crate::http::{Body, Door, Origin, Page, PageQuery, Query};
use crate::identity::factor::Demand;
use crate::problem::Failure;
use actix_web::http::header;
use actix_web::{HttpResponse, delete, get, post, web};
use entity::value::SessionId;
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of sessions.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(sign_in).service(refresh_session).service(switch_session).service(list_sessions).service(end_session);
}

/// A token in a shared cache would be anybody's.
fn given(session: &Session) -> HttpResponse {
    HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(session)
}

fn terms<'a>(app: &'a App, origin: &'a Origin) -> Terms<'a> {
    Terms {
        tokens: &app.tokens,
        refresh: chrono::Duration::days(i64::from(app.config.refresh_days)),
        origin,
        factor: Demand { secrets: &app.secrets, production: app.config.production },
    }
}

/// Sign in.
///
/// Gives an access token for one organisation and role, and a refresh token that renews it. Somebody with several
/// memberships names one, or gets the first and learns of the others. From the fifth wrong password on, the same name
/// from the same address waits before the next attempt: a second, then twice as long each time, up to 15 minutes.
/// Whoever has a second factor gives its code; in production, operators and finance officers must have one.
#[utoipa::path(tags = ["sessions", "public"], request_body = SignIn, responses(
    (status = 201, description = "You are signed in.", body = Session),
    (status = 401, description = "The user name, the password or the code is wrong, or a code is needed"),
    (status = 403, description = "You do not act for this organisation in this role, or it needs a second factor first"),
    (status = 429, description = "Too many attempts; come back after Retry-After seconds"),
))]
#[post("/sessions")]
async fn sign_in(
    _grant: Grant<MaySignIn>,
    _door: Door,
    origin: Origin,
    app: web::Data<App>,
    wanted: Body<SignIn>,
) -> Result<HttpResponse, Failure> {
    let asked = service::ask(app.reader(), &app.secrets, app.clock.now(), &origin, &wanted.0).await?;
    let terms = terms(&app, &origin);
    let answer = app.transact(&asked.actor(), async |tx| service::answer(tx, &terms, &asked).await).await?;
    Ok(given(&answer?))
}

/// Renew a session's tokens.
///
/// The refresh token is good for one use. When one comes a second time, somebody has a copy of it: the session ends,
/// with every other that was switched to from it or led to it.
#[utoipa::path(tags = ["sessions", "public"], request_body = Refresh, responses(
    (status = 201, description = "New tokens; the old refresh token is used up.", body = Session),
    (status = 401, description = "The session has ended"),
    (status = 429, description = "Too many requests; come back after Retry-After seconds"),
))]
#[post("/sessions/refresh")]
async fn refresh_session(
    _grant: Grant<MaySignIn>,
    _door: Door,
    origin: Origin,
    app: web::Data<App>,
    wanted: Body<Refresh>,
) -> Result<HttpResponse, Failure> {
    let terms = terms(&app, &origin);
    let work = async |tx: &crate::db::Tx| service::refresh(tx, &terms, &wanted.0.refresh_token).await;
    let exchanged = app.transact(&Actor::Public, work).await?;
    app.tokens.end(&exchanged.ended, app.clock.now());
    Ok(given(&exchanged.given?))
}

/// Go on for another organisation or in another role.
///
/// Exchanges the refresh token for a session that acts there; the old session ends. A token always names one
/// organisation, so no request can mix two.
#[utoipa::path(tags = ["sessions", "public"], request_body = Switch, responses(
    (status = 201, description = "You act for this organisation now.", body = Session),
    (status = 401, description = "The session has ended"),
    (status = 403, description = "You do not act for this organisation in this role"),
    (status = 429, description = "Too many requests; come back after Retry-After seconds"),
))]
#[post("/sessions/switch")]
async fn switch_session(
    _grant: Grant<MaySignIn>,
    _door: Door,
    origin: Origin,
    app: web::Data<App>,
    wanted: Body<Switch>,
) -> Result<HttpResponse, Failure> {
    let terms = terms(&app, &origin);
    let work = async |tx: &crate::db::Tx| service::switch(tx, &terms, &wanted.0).await;
    let exchanged = app.transact(&Actor::Public, work).await?;
    app.tokens.end(&exchanged.ended, app.clock.now());
    Ok(given(&exchanged.given?))
}

/// List your sessions that have not ended, the latest first.
#[utoipa::path(tag = "sessions", params(PageQuery), responses(
    (status = 200, description = "One page of your sessions.", body = Page<OpenSession>),
))]
#[get("/sessions")]
async fn list_sessions(
    grant: Grant<ViewSelf>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    let member = grant.actor().member().ok_or(AccessError::NotSignedIn)?;
    let limit = page.0.limit()?;
    let before = page.0.after()?.map(SessionId::from_uuid);
    let rows = service::open(app.reader(), member, app.clock.now(), before, limit + 1).await?;
    Ok(HttpResponse::Ok().json(Page::of(rows, limit, |session| session.id.uuid(), |session| session)))
}

/// End a session: your own, or as the platform operator anybody's.
///
/// Its refresh token is worth nothing at once. Its access token is refused at once by the server that hears this, and
/// by other servers when it expires, after minutes.
#[utoipa::path(tag = "sessions", params(("id" = SessionId, Path, description = "The session.")), responses(
    (status = 204, description = "It has ended."),
))]
#[delete("/sessions/{id}")]
async fn end_session(
    grant: Grant<EndSession>,
    app: web::Data<App>,
    id: web::Path<SessionId>,
) -> Result<HttpResponse, Failure> {
    app.transact(grant.actor(), async |tx| service::end(tx, &grant, *id).await).await?;
    app.tokens.end(&[*id], app.clock.now());
    Ok(HttpResponse::NoContent().finish())
}
