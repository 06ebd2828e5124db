//! Versions: `ETag` out, `If-Match` in.

use crate::problem::{self, Failure, Problem};
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, http::StatusCode};
use serde::Serialize;
use std::future::{Ready, ready};

/// The version the caller read, from `If-Match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub i64);

impl IfMatch {
    /// Refuses when the object has moved on.
    ///
    /// # Errors
    /// 412 when the versions differ.
    pub fn check(self, version: i64) -> Result<(), Problem> {
        if self.0 == version { Ok(()) } else { Err(Problem::plain(&problem::STALE)) }
    }
}

impl FromRequest for IfMatch {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = match request.headers().get(header::IF_MATCH) {
            None => Err(Problem::plain(&problem::PRECONDITION_REQUIRED)),
            Some(tag) => tag
                .to_str()
                .ok()
                .and_then(|tag| tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok())
                .map(Self)
                .ok_or_else(|| {
                    Problem::invalid(
                        "If-Match",
                        "If-Match 应为读取时得到的 ETag，例如 \"3\"。",
                        "If-Match is the ETag you read, for example \"3\".",
                    )
                }),
        };
        ready(read.map_err(Into::into))
    }
}

/// An answer with the version of what it shows.
pub fn tagged(status: StatusCode, version: i64, view: &impl Serialize) -> HttpResponse {
    HttpResponse::build(status).insert_header((header::ETAG, format!("\"{version}\""))).json(view)
}
