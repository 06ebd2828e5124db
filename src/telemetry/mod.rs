//! Where time goes (链路追踪): one span a request, a job, a turn of the clock and a webhook that is sent, told to a
//! collector of OpenTelemetry when the standard variables name one, and to nobody otherwise.
//!
//! Promises: nothing is put into a span but what [`span`] says, so no personal data, path, query, token, message or
//! body ever leaves this way; a collector that is away or slow delays nobody: spans are handed to a thread of their own
//! over a queue that is bounded, and what does not fit, or is not taken, is lost and told in the log once in a while;
//! whoever stops the house waits for the last spans a few seconds at most.
//! The caller's `traceparent` is taken over, and sent on with webhooks. A job is no part of the request that caused it:
//! events carry no trace, for they are told to others.
//! Sampling (`OTEL_TRACES_SAMPLER`), the names of the service (`OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`), the
//! headers (`OTEL_EXPORTER_OTLP_HEADERS`) and the sizes of batches (`OTEL_BSP_…`) are read where the standard says.

mod exporter;
mod span;

pub use exporter::reach;
pub use span::{Incoming, Span, call, job, request, together, turn};

use crate::config::{Config, OpenTelemetry};
use exporter::Forbearing;
use opentelemetry::trace::TracerProvider;
use opentelemetry::{Key, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use reqwest::Url;
use std::sync::OnceLock;
use std::time::Duration;

/// How long whoever stops the house waits for the last spans.
const LAST_WORDS: Duration = Duration::from_secs(3);
/// The name of the service where no variable says another.
const SERVICE: &str = "liannong";

/// Why spans cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The address is none.
    #[error("{0} is not the address of a collector; one is written as http://127.0.0.1:4318")]
    Address(String),
    /// A protocol that is not spoken here.
    #[error(
        "{0} is not spoken here; set OTEL_EXPORTER_OTLP_PROTOCOL to http/protobuf and name the collector's HTTP port"
    )]
    Protocol(String),
    /// The exporter or its HTTP client.
    #[error("the exporter cannot be made: {0}")]
    Exporter(String),
}

/// Where spans are sent: none when the configuration names no collector, or says that nothing is to be told.
///
/// # Errors
/// When the address or the protocol cannot be used.
pub fn endpoint(wanted: &OpenTelemetry) -> Result<Option<Url>, TelemetryError> {
    let given =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let is_off = given(&wanted.sdk_disabled).is_some_and(|word| word.eq_ignore_ascii_case("true"))
        || given(&wanted.traces_exporter).is_some_and(|word| word.eq_ignore_ascii_case("none"));
    let address = match (given(&wanted.otlp_traces_endpoint), given(&wanted.otlp_endpoint)) {
        // The address of traces is taken as it is, the common one is that of a folder.
        (Some(own), _) => own,
        (None, Some(common)) => format!("{}/v1/traces", common.trim_end_matches('/')),
        (None, None) => return Ok(None),
    };
    if is_off {
        return Ok(None);
    }
    let protocol = given(&wanted.otlp_traces_protocol).or_else(|| given(&wanted.otlp_protocol));
    if let Some(other) = protocol.filter(|protocol| protocol != "http/protobuf") {
        return Err(TelemetryError::Protocol(other));
    }
    match Url::parse(&address) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.host_str().is_some() => Ok(Some(url)),
        // What stands before an @ may be a password.
        _ => Err(TelemetryError::Address(address.rsplit('@').next().unwrap_or_default().to_owned())),
    }
}

/// How long a collector may take for one batch.
fn patience(wanted: &OpenTelemetry) -> Duration {
    Duration::from_millis(wanted.otlp_traces_timeout_ms.unwrap_or(wanted.otlp_timeout_ms))
}

/// What spans are made with.
#[derive(Debug)]
struct Telling {
    tracer: SdkTracer,
    /// Where the public reaches this house: how, its host and its port.
    scheme: String,
    host: String,
    port: Option<u16>,
}

static TELLING: OnceLock<Telling> = OnceLock::new();

/// Spans are told while this stands; [`Telemetry::finish`] sends what is left.
#[derive(Debug)]
pub struct Telemetry {
    provider: SdkTracerProvider,
}

impl Telemetry {
    /// Begins to tell, when the configuration names a collector. Once in a process, inside its asynchronous runtime.
    ///
    /// # Errors
    /// When the address or the protocol cannot be used.
    pub fn begin(config: &Config) -> Result<Option<Self>, TelemetryError> {
        let Some(url) = endpoint(&config.open_telemetry)? else { return Ok(None) };
        let exporter = Forbearing::new(exporter::open(&url, patience(&config.open_telemetry), true)?);
        let provider = SdkTracerProvider::builder().with_resource(resource()).with_batch_exporter(exporter).build();
        let public = Url::parse(&config.public_address()).ok();
        let telling = Telling {
            tracer: provider.tracer(SERVICE),
            scheme: public.as_ref().map(Url::scheme).unwrap_or_default().to_owned(),
            host: public.as_ref().and_then(Url::host_str).unwrap_or_default().to_owned(),
            port: public.as_ref().and_then(Url::port_or_known_default),
        };
        TELLING.set(telling).map_err(|_| TelemetryError::Exporter("it was made before".to_owned()))?;
        tracing::info!(collector = url.host_str().unwrap_or_default(), "spans are told");
        Ok(Some(Self { provider }))
    }

    /// Sends what is left, and waits for it a few seconds at most.
    pub async fn finish(self) {
        // The exporter's thread needs this runtime for its requests, so it must not wait here.
        let ended = tokio::task::spawn_blocking(move || self.provider.shutdown_with_timeout(LAST_WORDS)).await;
        if !matches!(ended, Ok(Ok(()))) {
            tracing::warn!("the last spans were not taken by the collector");
        }
    }
}

/// Who tells: as the standard variables say, and what they leave open.
fn resource() -> Resource {
    let said = Resource::builder().build();
    let has = |name: &'static str| said.get(&Key::from_static_str(name)).map(|value| value.to_string());
    let mut resource = Resource::builder();
    if has("service.name").is_none_or(|name| name.starts_with("unknown_service")) {
        resource = resource.with_service_name(SERVICE);
    }
    if has("service.version").is_none() {
        resource = resource.with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
    }
    if has("service.instance.id").is_none() {
        let instance = uuid::Uuid::now_v7().to_string();
        resource = resource.with_attribute(KeyValue::new("service.instance.id", instance));
    }
    resource.build()
}
