//! What an operator's instruments read (指标): counts of requests and jobs as they happen, in the text format of
//! Prometheus.
//!
//! Promises: a label is a route's pattern, a method, a status or a job's name, never an address or an identifier, so
//! the number of series is bounded and nothing personal is in them; each house has a meter of its own.
//! Knows no domain: what only the database knows is read by `readings` when somebody asks.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web;
use metrics::{Key, Label, Level, Metadata, Recorder};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use std::time::{Duration, Instant};

/// Upper bounds of the classes into which durations fall, in seconds.
const CLASSES: &[f64] = &[0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

static SOURCE: Metadata<'static> = Metadata::new(module_path!(), Level::INFO, Some(module_path!()));

/// Counts, and writes down what it counted.
pub struct Meter {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
}

impl Meter {
    /// A meter that has counted nothing.
    ///
    /// # Errors
    /// When the classes make no sense, which a test would see.
    pub fn new() -> Result<Self, BuildError> {
        let recorder = PrometheusBuilder::new().set_buckets(CLASSES)?.build_recorder();
        let handle = recorder.handle();
        Ok(Self { recorder, handle })
    }

    /// Adds one to a counter.
    pub fn count(&self, name: &'static str, labels: Vec<Label>) {
        self.recorder.register_counter(&Key::from_parts(name, labels), &SOURCE).increment(1);
    }

    /// Notes how long something took.
    pub fn time(&self, name: &'static str, labels: Vec<Label>, took: Duration) {
        self.recorder.register_histogram(&Key::from_parts(name, labels), &SOURCE).record(took.as_secs_f64());
    }

    /// Sets what stands at a number now; more than four billion are shown as that.
    pub fn set(&self, name: &'static str, labels: Vec<Label>, to: i64) {
        let to = u32::try_from(to.max(0)).unwrap_or(u32::MAX);
        self.recorder.register_gauge(&Key::from_parts(name, labels), &SOURCE).set(f64::from(to));
    }

    /// Everything counted so far, as Prometheus reads it.
    #[must_use]
    pub fn text(&self) -> String {
        self.handle.run_upkeep();
        self.handle.render()
    }
}

/// Counts each request and its duration, under the pattern of its route.
///
/// # Errors
/// Whatever the request itself ends with.
pub async fn count_requests<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let began = Instant::now();
    let response = next.call(request).await?;
    let asked = response.request();
    if let Some(app) = asked.app_data::<web::Data<crate::app::App>>()
        && let Ok(meter) = app.part::<Meter>()
    {
        let route = asked.match_pattern().unwrap_or_else(|| "none".to_owned());
        let method = match asked.method().as_str() {
            known @ ("GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known.to_owned(),
            _ => "other".to_owned(),
        };
        let labels = vec![Label::new("method", method), Label::new("route", route)];
        meter.time("http_request_seconds", labels.clone(), began.elapsed());
        let status = Label::new("status", response.status().as_str().to_owned());
        meter.count("http_requests_total", [labels, vec![status]].concat());
    }
    Ok(response)
}
