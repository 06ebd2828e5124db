//! One identifier and one span a request; what may be in it and what never.
//!
//! A span holds the request id, the operation, the status and the duration: never tokens, bodies, names, phone
//! numbers, or household ids together with amounts.

use crate::problem;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use tracing::Instrument;

tokio::task_local! {
    static REQUEST: String;
}

/// The request this code runs for, or `internal`.
#[must_use]
pub fn current_request() -> String {
    REQUEST.try_with(Clone::clone).unwrap_or_else(|_| "internal".to_owned())
}

/// Middleware: names the request, times it, renders refusals.
///
/// # Errors
/// Never of its own: what handlers refuse has become an answer before it comes by.
pub async fn trace<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let id = uuid::Uuid::now_v7().to_string();
    let operation = format!("{} {}", request.method(), request.match_pattern().unwrap_or_default());
    let span = tracing::info_span!("request", request = %id, operation);
    let began = std::time::Instant::now();
    let outcome = REQUEST.scope(id.clone(), next.call(request)).instrument(span.clone()).await;
    let mut response = problem::render(outcome?, &id);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    span.in_scope(|| {
        tracing::info!(status = response.status().as_u16(), duration_ms = began.elapsed().as_millis(), "answered");
    });
    Ok(response)
}
