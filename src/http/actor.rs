//! Token → actor → grant, once a request, in the handler's signature.

use super::Origin;
use crate::access::{AccessError, Action, Actor, Grant};
use crate::app::App;
use crate::problem::{Failure, Problem};
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web};
use std::future::{Future, Ready, ready};
use std::pin::Pin;

/// Looking a key up, in progress.
type Looking<'a> = Pin<Box<dyn Future<Output = Result<Actor, Failure>> + 'a>>;

/// Asks who an API key speaks for. Put in as a part of the house by whoever starts it, so that this room knows no keys.
#[derive(Debug, Clone, Copy)]
pub struct KeyRing {
    /// How every key begins.
    pub prefix: &'static str,
    /// Who it speaks for.
    pub actor_of: for<'a> fn(&'a App, &'a str) -> Looking<'a>,
}

/// Who a key speaks for, or why it was refused; left with the request, so that the operation answers in its own order.
struct Recognised(Result<Actor, Problem>);

/// What stands behind `Bearer`; nothing without the header.
fn bearer(headers: &header::HeaderMap) -> Option<Result<&str, AccessError>> {
    let header = headers.get(header::AUTHORIZATION)?;
    let scheme_and_token = header.to_str().ok().and_then(|header| header.split_once(' '));
    // The name of a scheme is written in any case (RFC 9110).
    let token = scheme_and_token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token);
    Some(token.map(str::trim).ok_or(AccessError::TokenInvalid))
}

/// Finds out who an API key speaks for, before the operation is asked: a key stands in the database, unlike a token,
/// and the grants of an operation must not wait.
///
/// # Errors
/// None of its own: a key that is refused is refused by the operation.
pub async fn recognise(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let app = request.app_data::<web::Data<App>>().cloned();
    if let (Some(app), Some(Ok(token))) = (app, bearer(request.headers()))
        && let Ok(ring) = app.part::<KeyRing>()
        && token.starts_with(ring.prefix)
    {
        let found = (ring.actor_of)(&app, token).await.map_err(|refused| refused.problem().clone());
        request.extensions_mut().insert(Recognised(found));
    }
    next.call(request).await
}

fn actor_of(request: &HttpRequest) -> Result<Actor, Failure> {
    if let Some(known) = request.extensions().get::<Actor>() {
        return Ok(known.clone());
    }
    let app = request.app_data::<web::Data<App>>();
    let actor = named(request, app);
    // A token that is not valid is counted as nobody's: guessing tokens is no way around the limit.
    let account = actor.as_ref().ok().and_then(Actor::person);
    if let (Some(app), Some(address)) = (app, Origin::of(request).network()) {
        app.doorkeeper.pass(account, address)?;
    }
    let actor = actor?;
    request.extensions_mut().insert(actor.clone());
    Ok(actor)
}

/// Whom the token or key names.
fn named(request: &HttpRequest, app: Option<&web::Data<App>>) -> Result<Actor, Failure> {
    if let Some(Recognised(found)) = request.extensions().get::<Recognised>() {
        return found.clone().map_err(Into::into);
    }
    let Some(token) = bearer(request.headers()) else { return Ok(Actor::Public) };
    let (token, app) = (token?, app.ok_or_else(Problem::internal)?);
    Ok(app.tokens.check(token, app.clock.now())?)
}

/// What the grants in a handler's signature asked for: left with the request, so that a description or a test can
/// find out which right an operation demands instead of believing a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked(pub Vec<&'static str>);

impl<A: Action> FromRequest for Grant<A> {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut notes = request.extensions_mut();
        match notes.get_mut::<Asked>() {
            Some(asked) => asked.0.push(A::NAME),
            None => drop(notes.insert(Asked(vec![A::NAME]))),
        }
        drop(notes);
        ready(actor_of(request).and_then(|actor| Ok(Self::claim(&actor)?)))
    }
}
