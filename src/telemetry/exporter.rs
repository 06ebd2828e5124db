//! How spans reach the collector: OTLP over HTTP, by the house's own client.
//!
//! The SDK's batches are sent from a thread that has no asynchronous runtime, and our client needs one: requests are
//! handed to the runtime that was there when the exporter was made, and the thread waits for their answer.

use super::{TelemetryError, endpoint, patience};
use crate::config::OpenTelemetry;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response, ResponseBodyTooLarge};
use opentelemetry_otlp::{Protocol, RetryPolicy, SpanExporter as Otlp, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use reqwest::Url;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;

/// A collector answers with a few bytes; more is not read.
const LONGEST_ANSWER: usize = 64 * 1024;
/// How often the log tells that a collector is away.
const TOLD_EVERY: Duration = Duration::from_secs(300);

/// The house's client, on the runtime that was there when it was made.
#[derive(Debug)]
struct Client {
    client: reqwest::Client,
    runtime: Handle,
}

impl HttpClient for Client {
    fn send_bytes<'house, 'answer>(
        &'house self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'answer>>
    where
        'house: 'answer,
        Self: 'answer,
    {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move { send(&client, request).await });
        Box::pin(async move { sent.await? })
    }
}

async fn send(client: &reqwest::Client, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let mut answer = client.execute(request.try_into()?).await?;
    let mut read = Vec::new();
    while let Some(piece) = answer.chunk().await? {
        if read.len() + piece.len() > LONGEST_ANSWER {
            return Err(ResponseBodyTooLarge::new().into());
        }
        read.extend_from_slice(&piece);
    }
    let mut response = Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        *headers = answer.headers().clone();
    }
    Ok(response.body(read.into())?)
}

/// The exporter to an address. Its headers are those of `OTEL_EXPORTER_OTLP_HEADERS`.
pub(super) fn open(url: &Url, patience: Duration, tries_again: bool) -> Result<Otlp, TelemetryError> {
    let unmade = |error: String| TelemetryError::Exporter(error);
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(patience)
        .timeout(patience)
        .user_agent(concat!("Liannong-Telemetry/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| unmade(error.to_string()))?;
    let runtime = Handle::try_current().map_err(|error| unmade(error.to_string()))?;
    Otlp::builder()
        .with_http()
        .with_http_client(Client { client, runtime })
        .with_endpoint(url.as_str())
        .with_protocol(Protocol::HttpBinary)
        .with_timeout(patience)
        .with_retry_policy(if tries_again { RetryPolicy::recommended() } else { RetryPolicy::disabled() })
        .build()
        .map_err(|error| unmade(error.to_string()))
}

/// Asks the collector whether it takes what is sent as spans are, by sending it none. False when none is configured.
///
/// # Errors
/// When the configuration cannot be used, or the collector does not take it.
pub async fn reach(wanted: &OpenTelemetry) -> Result<bool, TelemetryError> {
    let Some(url) = endpoint(wanted)? else { return Ok(false) };
    let exporter = open(&url, patience(wanted), false)?;
    exporter.export(Vec::new()).await.map_err(|error| TelemetryError::Exporter(error.to_string()))?;
    Ok(true)
}

/// What was told of a collector that is away.
#[derive(Debug, Default)]
struct Silence {
    /// When the log told it last.
    told: Option<Instant>,
    /// How many spans were lost since.
    lost: usize,
}

/// An exporter whose failures are told once in a while, whatever their number.
#[derive(Debug)]
pub(super) struct Forbearing {
    inner: Otlp,
    silence: Mutex<Silence>,
}

impl Forbearing {
    pub(super) fn new(inner: Otlp) -> Self {
        Self { inner, silence: Mutex::default() }
    }

    fn note(&self, spans: usize, outcome: &OTelSdkResult) {
        // What is in it is whole at any time.
        let mut silence = self.silence.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(()) => {
                if silence.told.take().is_some() {
                    tracing::info!(lost = silence.lost, "the collector takes spans again");
                }
                silence.lost = 0;
            }
            Err(error) => {
                silence.lost = silence.lost.saturating_add(spans);
                if silence.told.is_none_or(|told| told.elapsed() >= TOLD_EVERY) {
                    tracing::warn!(%error, lost = silence.lost, "the collector does not take spans; they are lost");
                    silence.told = Some(Instant::now());
                }
            }
        }
    }
}

impl SpanExporter for Forbearing {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        let outcome = self.inner.export(batch).await;
        self.note(spans, &outcome);
        outcome
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}
