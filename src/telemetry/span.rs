//! What a span says, all of it: kinds of work, templates of routes, methods, statuses, attempts, and the identifier of
//! the request, which stands in the log and the audit too. Names follow OpenTelemetry's conventions for HTTP.
//!
//! Left out on purpose: the path and the query (they hold identifiers and codes), the caller's address and program,
//! and the words of errors.

use super::{TELLING, Telling};
use actix_web::http::header::HeaderMap;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{FutureExt, SpanBuilder, SpanKind, Status, TraceContextExt, Tracer};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::propagation::TraceContextPropagator;

/// A span; nothing when nobody is told.
#[derive(Debug, Clone)]
pub struct Span(Option<Context>);

impl Span {
    fn begin(parent: &Context, make: impl FnOnce(&Telling) -> SpanBuilder) -> Self {
        let context = |telling: &Telling| {
            let span = telling.tracer.build_with_context(make(telling), parent);
            parent.with_span(span)
        };
        Self(TELLING.get().map(context))
    }

    /// The trace it belongs to, as the log names it.
    #[must_use]
    pub fn trace_id(&self) -> Option<String> {
        self.0.as_ref().map(|context| context.span().span_context().trace_id().to_string())
    }

    /// What a request that is sent on carries: the W3C header `traceparent`.
    #[must_use]
    pub fn traceparent(&self) -> Option<String> {
        self.0.as_ref().map(|context| {
            let span = context.span();
            let own = span.span_context();
            format!("00-{}-{}-{:02x}", own.trace_id(), own.span_id(), own.trace_flags().to_u8())
        })
    }

    /// Does work inside it: what begins there is a part of it.
    pub async fn around<T>(&self, work: impl Future<Output = T>) -> T {
        match &self.0 {
            Some(context) => work.with_context(context.clone()).await,
            None => work.await,
        }
    }

    fn say(&self, name: &'static str, value: impl Into<opentelemetry::Value>) {
        if let Some(context) = &self.0 {
            context.span().set_attribute(KeyValue::new(name, value));
        }
    }

    fn went_wrong(&self, kind: impl Into<opentelemetry::Value>) {
        self.say("error.type", kind);
        if let Some(context) = &self.0 {
            context.span().set_status(Status::error(""));
        }
    }

    fn end(&self) {
        if let Some(context) = &self.0 {
            context.span().end();
        }
    }

    /// Ends the span of a request: only what went wrong in the house is an error.
    pub fn answered(&self, status: u16) {
        self.say("http.response.status_code", i64::from(status));
        if status >= 500 {
            self.went_wrong(status.to_string());
        }
        self.end();
    }

    /// Ends the span of a job or a turn.
    pub fn concluded(&self, outcome: &'static str, is_fault: bool) {
        self.say("liannong.job.outcome", outcome);
        if is_fault {
            self.went_wrong(outcome);
        }
        self.end();
    }

    /// Ends the span of a call that was answered.
    pub fn returned(&self, status: u16) {
        self.say("http.response.status_code", i64::from(status));
        if status >= 400 {
            self.went_wrong(status.to_string());
        }
        self.end();
    }

    /// Ends the span of a call that was not answered.
    pub fn lost(&self, why: &'static str) {
        self.went_wrong(why);
        self.end();
    }
}

struct Carrier<'r>(&'r HeaderMap);

impl Extractor for Carrier<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(actix_web::http::header::HeaderName::as_str).collect()
    }
}

/// A request that came in.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'r> {
    /// Its method.
    pub method: &'r str,
    /// The template of its route; none when nothing is offered there.
    pub route: Option<&'r str>,
    /// Its headers, of which the caller's trace is read.
    pub headers: &'r HeaderMap,
    /// The identifier it was given.
    pub id: &'r str,
}

/// The span of a request, inside the caller's when it sent one along.
#[must_use]
pub fn request(incoming: Incoming<'_>) -> Span {
    if TELLING.get().is_none() {
        return Span(None);
    }
    let Incoming { method, route, headers, id } = incoming;
    let parent = TraceContextPropagator::new().extract_with_context(&Context::new(), &Carrier(headers));
    Span::begin(&parent, |telling| {
        let known = matches!(method, "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS");
        let method = if known { method } else { "_OTHER" };
        let mut said = vec![
            KeyValue::new("http.request.method", method.to_owned()),
            KeyValue::new("server.address", telling.host.clone()),
            KeyValue::new("url.scheme", telling.scheme.clone()),
            KeyValue::new("liannong.request.id", id.to_owned()),
        ];
        said.extend(telling.port.map(|port| KeyValue::new("server.port", i64::from(port))));
        said.extend(route.map(|route| KeyValue::new("http.route", route.to_owned())));
        let verb = if known { method } else { "HTTP" };
        let name = route.map_or_else(|| verb.to_owned(), |route| format!("{verb} {route}"));
        SpanBuilder::from_name(name).with_kind(SpanKind::Server).with_attributes(said)
    })
}

/// The span of one attempt at a job.
#[must_use]
pub fn job(kind: &'static str, attempt: i32) -> Span {
    Span::begin(&Context::new(), |_| {
        let said =
            [KeyValue::new("liannong.job.kind", kind), KeyValue::new("liannong.job.attempt", i64::from(attempt))];
        SpanBuilder::from_name(format!("job {kind}")).with_kind(SpanKind::Consumer).with_attributes(said)
    })
}

/// The span of several jobs of a kind that are done at once.
#[must_use]
pub fn together(kind: &'static str, jobs: usize) -> Span {
    Span::begin(&Context::new(), |_| {
        let jobs = i64::try_from(jobs).unwrap_or(i64::MAX);
        let said = [KeyValue::new("liannong.job.kind", kind), KeyValue::new("liannong.job.count", jobs)];
        SpanBuilder::from_name(format!("job {kind}")).with_kind(SpanKind::Consumer).with_attributes(said)
    })
}

/// The span of one turn of the clock.
#[must_use]
pub fn turn(name: &'static str) -> Span {
    Span::begin(&Context::new(), |_| {
        let said = [KeyValue::new("liannong.job.kind", name)];
        SpanBuilder::from_name(format!("turn {name}")).with_kind(SpanKind::Internal).with_attributes(said)
    })
}

/// The span of a request that the house sends, inside the work it is sent by. `again` is how often it was sent before.
#[must_use]
pub fn call(host: &str, port: Option<u16>, again: i32) -> Span {
    Span::begin(&Context::current(), |_| {
        let mut said =
            vec![KeyValue::new("http.request.method", "POST"), KeyValue::new("server.address", host.to_owned())];
        said.extend(port.map(|port| KeyValue::new("server.port", i64::from(port))));
        if again > 0 {
            said.push(KeyValue::new("http.request.resend_count", i64::from(again)));
        }
        SpanBuilder::from_name("POST").with_kind(SpanKind::Client).with_attributes(said)
    })
}
