//! One identifier and one span a request; what may be in it and what never.
//!
//! A span holds the request id, the operation, the status and the duration, and the trace it belongs to where spans are
//! told (`telemetry`): never tokens, bodies, names, phone numbers, or household ids together with amounts.

use super::Origin;
use crate::problem;
use crate::telemetry::{self, Incoming};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use tracing::Instrument;

/// What is known of a request wherever its work is done.
#[derive(Debug, Clone)]
struct Current {
    id: String,
    address: Option<String>,
    path: String,
}

tokio::task_local! {
    static REQUEST: Current;
}

/// The request this code runs for, or `internal`.
#[must_use]
pub fn current_request() -> String {
    REQUEST.try_with(|current| current.id.clone()).unwrap_or_else(|_| "internal".to_owned())
}

/// The address the request came from; none for work of the house itself.
#[must_use]
pub fn current_address() -> Option<String> {
    REQUEST.try_with(|current| current.address.clone()).ok().flatten()
}

/// The path that was asked for; empty for work of the house itself.
#[must_use]
pub fn current_path() -> String {
    REQUEST.try_with(|current| current.path.clone()).unwrap_or_default()
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
    let route = request.match_pattern();
    let operation = format!("{} {}", request.method(), route.as_deref().unwrap_or_default());
    let span = tracing::info_span!("request", request = %id, operation, trace_id = tracing::field::Empty);
    let told = telemetry::request(Incoming {
        method: request.method().as_str(),
        route: route.as_deref(),
        headers: request.headers(),
        id: &id,
    });
    if let Some(trace) = told.trace_id() {
        span.record("trace_id", trace);
    }
    let began = std::time::Instant::now();
    let current = Current {
        id: id.clone(),
        address: Origin::of(request.request()).address.map(|address| address.to_string()),
        path: request.path().to_owned(),
    };
    let outcome = REQUEST.scope(current, told.around(next.call(request))).instrument(span.clone()).await;
    let mut response = problem::render(outcome?, &id);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    told.answered(response.status().as_u16());
    span.in_scope(|| {
        tracing::info!(status = response.status().as_u16(), duration_ms = began.elapsed().as_millis(), "answered");
    });
    Ok(response)
}
