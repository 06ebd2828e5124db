//! Query strings, refused like bodies.

use super::body::explain;
use super::text;
use crate::problem::{self, Failure, FieldProblem, Problem};
use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use serde::de::DeserializeOwned;
use std::future::{Ready, ready};

/// A query string.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        if let Err(refused) = refuse_unreadable(request.query_string()) {
            return ready(Err(refused));
        }
        ready(web::Query::<T>::from_query(request.query_string()).map(|query| Self(query.into_inner())).map_err(
            |error| {
                let message = error.to_string();
                let message = message.strip_prefix("Query deserialize error: ").unwrap_or(&message);
                let mut refused = Problem::plain(&problem::INVALID_FIELDS);
                let pointer = format!("?{}", culprit::<T>(request.query_string()).unwrap_or_default());
                refused.errors.push(FieldProblem { pointer, detail: explain(message) });
                refused.into()
            },
        ))
    }
}

/// Refuses parameters that are not UTF-8 or hold what nobody can see, by name.
fn refuse_unreadable(query: &str) -> Result<(), Failure> {
    // Without an escape every character stands there as it is, and a visible one.
    if !query.contains('%') {
        return Ok(());
    }
    // What cannot be split is refused by the parser in its own words.
    let Ok(pairs) = web::Query::<Vec<(String, String)>>::from_query(query) else { return Ok(()) };
    for (name, value) in pairs.into_inner() {
        // The decoder puts this character for bytes that are not UTF-8.
        if value.contains('\u{FFFD}') || name.contains('\u{FFFD}') {
            let (zh, en) = ("参数不是有效的 UTF-8。", "The parameter is not valid UTF-8.");
            return Err(Problem::invalid("?", zh, en).into());
        }
        if text::hides(&value) || text::hides(&name) {
            let name = if text::hides(&name) { String::new() } else { name };
            return Err(text::refusal(format!("?{name}")).into());
        }
    }
    Ok(())
}

/// The parameter without which the query could be read; the parser does not say which one it stumbled over.
fn culprit<T: DeserializeOwned>(query: &str) -> Option<String> {
    let parts: Vec<&str> = query.split('&').collect();
    // Nobody needs more parameters; a longer query is not worth the search.
    if parts.len() > 20 {
        return None;
    }
    let without = |left_out: usize| {
        let others: Vec<_> =
            parts.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, part)| *part).collect();
        others.join("&")
    };
    let at = (0..parts.len()).find(|at| web::Query::<T>::from_query(&without(*at)).is_ok())?;
    let name = parts[at].split('=').next().unwrap_or_default();
    let is_plain = name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_plain.then(|| name.to_owned())
}
