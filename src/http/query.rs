//! Query strings, refused like bodies.

use super::body::explain;
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
        ready(web::Query::<T>::from_query(request.query_string()).map(|query| Self(query.into_inner())).map_err(
            |error| {
                let message = error.to_string();
                let message = message.strip_prefix("Query deserialize error: ").unwrap_or(&message);
                let mut refused = Problem::plain(&problem::INVALID_FIELDS);
                refused.errors.push(FieldProblem { pointer: "?".to_owned(), detail: explain(message) });
                refused.into()
            },
        ))
    }
}
