//! One request to an endpoint: to the numbers its address resolves to now, and to nothing else.

use super::sign::{Secret, sign};
use crate::app::App;
use crate::http::outward::{Destination, Unreachable, Written};
use crate::telemetry;
use entity::webhook_delivery;
use std::time::Duration;

/// How long an endpoint may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it may take to be reached.
const REACHED: Duration = Duration::from_secs(5);

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    /// It was taken.
    Taken(u16),
    /// It says that it is gone for good.
    Gone,
    /// It answered otherwise.
    Refused(u16),
    /// It cannot be reached, in a few words without the answer's content.
    Lost(&'static str),
}

impl Arrival {
    /// As it stands in the log.
    pub fn words(&self) -> String {
        match self {
            Self::Taken(status) | Self::Refused(status) => format!("status {status}"),
            Self::Gone => "status 410".to_owned(),
            Self::Lost(why) => (*why).to_owned(),
        }
    }
}

fn unreachable(why: Unreachable) -> Arrival {
    Arrival::Lost(match why {
        Unreachable::Form => "not an address",
        Unreachable::Plain => "not encrypted",
        Unreachable::Unknown => "unknown host",
        Unreachable::Private => "private address",
    })
}

/// Sends a delivery once.
pub async fn deliver(app: &App, url: &str, secrets: &[Secret], delivery: &webhook_delivery::Model) -> Arrival {
    let allowed = &app.config.reachable_networks;
    let destination = match Written::parse(url, allowed) {
        Ok(written) => written.resolve(allowed).await,
        Err(why) => Err(why),
    };
    match destination {
        Ok(destination) => call(app, url, &destination, secrets, delivery).await,
        Err(why) => unreachable(why),
    }
}

async fn call(
    app: &App,
    url: &str,
    destination: &Destination,
    secrets: &[Secret],
    delivery: &webhook_delivery::Model,
) -> Arrival {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .resolve_to_addrs(&destination.host, &destination.addresses)
        .connect_timeout(REACHED)
        .timeout(PATIENCE)
        .user_agent(concat!("Liannong-Webhooks/", env!("CARGO_PKG_VERSION")))
        .build();
    let Ok(client) = client else { return Arrival::Lost("no client") };
    let (id, at) = (delivery.event_id.to_string(), app.clock.now().timestamp());
    let port = destination.addresses.first().map(std::net::SocketAddr::port);
    let told = telemetry::call(&destination.host, port, delivery.attempts);
    let mut request = client
        .post(url)
        .header("content-type", "application/json")
        .header("webhook-id", &id)
        .header("webhook-timestamp", at.to_string())
        .header("webhook-signature", sign(secrets, &id, at, &delivery.body))
        .body(delivery.body.clone());
    if let Some(traceparent) = told.traceparent() {
        request = request.header("traceparent", traceparent);
    }
    let why = match request.send().await {
        // Whatever else the answer says is not read.
        Ok(answer) => {
            told.returned(answer.status().as_u16());
            return match answer.status().as_u16() {
                status @ 200..=299 => Arrival::Taken(status),
                410 => Arrival::Gone,
                status => Arrival::Refused(status),
            };
        }
        Err(error) if error.is_timeout() => "timeout",
        Err(error) if error.is_connect() => "no connection",
        Err(_) => "broken off",
    };
    told.lost(why);
    Arrival::Lost(why)
}
