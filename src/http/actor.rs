//! Token → actor → grant, once a request, in the handler's signature.

use super::Origin;
use crate::access::{AccessError, Action, Actor, Grant};
use crate::app::App;
use crate::problem::Failure;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web};
use std::future::{Ready, ready};

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

/// Whom the token names.
fn named(request: &HttpRequest, app: Option<&web::Data<App>>) -> Result<Actor, Failure> {
    let Some(header) = request.headers().get(header::AUTHORIZATION) else { return Ok(Actor::Public) };
    let scheme_and_token = header.to_str().ok().and_then(|header| header.split_once(' '));
    // The name of a scheme is written in any case (RFC 9110).
    let token = scheme_and_token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token);
    let token = token.ok_or(AccessError::TokenInvalid)?;
    let app = app.ok_or_else(crate::problem::Problem::internal)?;
    Ok(app.tokens.check(token.trim(), app.clock.now())?)
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
