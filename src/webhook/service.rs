//! What can be done with webhooks: keep endpoints, push what the feed tells, send again.

use super::error::WebhookError;
use super::sign::Secret;
use super::state::{is_given_up, next_attempt};
use super::store;
use super::transport::{self, Arrival};
use super::view::{Delivered, DeliveryFilter, DeliveryLog, Endpoint, EndpointWithSecret, KeepEndpoint, topics};
use crate::access::policy::{KeepWebhook, ViewWebhook};
use crate::access::{Actor, Grant, Scope};
use crate::app::App;
use crate::db::{Change, Tx};
use crate::feed::{self, EndpointDisabled, Published};
use crate::http::outward::Written;
use crate::http::{Page, PageQuery};
use crate::jobs::{self, Due, JobError, JobKind, read_payload};
use crate::problem::Failure;
use crate::secrecy::{Place, SecrecyError, Secrets};
use chrono::Duration;
use entity::value::{DeliveryState, DisabledBecause, EndpointState, Timestamp, WebhookDeliveryId, WebhookEndpointId};
use entity::{webhook_delivery, webhook_endpoint};
use ring::digest;
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::time::Instant;
use uuid::Uuid;

/// So many endpoints an organisation has at most.
const MOST: u64 = 20;
/// How long the secret before signs too.
const OVERLAP: Duration = Duration::hours(24);
/// So many deliveries are sent again at once.
const AGAIN: u64 = 1_000;

/// Sets out what the feed published.
pub const FAN: JobKind = JobKind {
    name: feed::FOLLOWED_BY,
    outward: false,
    hears: &[],
    run: |app, payload| Box::pin(fan(app, payload)),
    together: None,
};
/// Sends one delivery once.
pub const SEND: JobKind = JobKind {
    name: "webhook.send",
    outward: true,
    hears: &[],
    run: |app, payload| Box::pin(send(app, payload)),
    together: None,
};

fn place(id: WebhookEndpointId, column: &'static str) -> Place {
    Place { table: "webhook_endpoint", row: id.uuid(), column }
}

fn judged(app: &App, wanted: &KeepEndpoint) -> Result<String, WebhookError> {
    Written::parse(&wanted.url, &app.config.reachable_networks).map_err(WebhookError::Address)?;
    let told = |topic: &String| feed::is_told(topic);
    if let Some(index) = wanted.types.iter().position(|topic| !told(topic)) {
        return Err(WebhookError::Topic(index));
    }
    let mut types = wanted.types.clone();
    types.sort_unstable();
    types.dedup();
    Ok(types.join(" "))
}

/// Enters an endpoint; its secret is shown this once.
pub async fn make(
    tx: &Tx,
    app: &App,
    grant: &Grant<KeepWebhook>,
    wanted: &KeepEndpoint,
) -> Result<EndpointWithSecret, WebhookError> {
    let topics = judged(app, wanted)?;
    let organisation_id = grant.organisation()?;
    if store::count(tx, organisation_id).await? >= MOST {
        return Err(WebhookError::TooMany);
    }
    let (id, secret) = (WebhookEndpointId::generate(), Secret::generate()?);
    let row = webhook_endpoint::Model {
        id,
        organisation_id,
        name: wanted.name.as_str().to_owned(),
        url: wanted.url.clone(),
        topics,
        secret_cipher: app.secrets.seal(place(id, "secret_cipher"), secret.text())?,
        previous_secret_cipher: None,
        previous_until: None,
        state: EndpointState::Active,
        disabled_because: None,
        failing_since: None,
        created_by: grant.person()?,
        created_at: tx.now(),
        version: 1,
    };
    store::insert(tx, row.clone()).await?;
    let after = json!({ "organisation_id": organisation_id, "url": row.url, "topics": row.topics });
    tx.audit(Change::made("webhook.make", "webhook_endpoint", id.uuid(), after)).await?;
    Ok(EndpointWithSecret { secret: secret.text().to_owned(), endpoint: row.into() })
}

/// An endpoint in reach, held, as the caller saw it.
async fn held(
    tx: &Tx,
    scope: &Scope,
    id: WebhookEndpointId,
    seen: i64,
) -> Result<webhook_endpoint::Model, WebhookError> {
    let row = store::hold(tx, scope, id).await?.ok_or(WebhookError::NotFound)?;
    if row.version == seen { Ok(row) } else { Err(WebhookError::Stale) }
}

/// Changes what an endpoint is.
pub async fn change(
    tx: &Tx,
    app: &App,
    grant: &Grant<KeepWebhook>,
    id: WebhookEndpointId,
    seen: i64,
    wanted: &KeepEndpoint,
) -> Result<Endpoint, WebhookError> {
    let topics = judged(app, wanted)?;
    let row = held(tx, grant.scope(), id, seen).await?;
    let before = json!({ "url": row.url, "topics": row.topics, "name": row.name });
    let after = json!({ "url": wanted.url, "topics": topics, "name": wanted.name.as_str() });
    let (name, url) = (wanted.name.as_str().to_owned(), wanted.url.clone());
    let row = webhook_endpoint::Model { name, url, topics, version: row.version + 1, ..row };
    store::update(tx, row.clone()).await?;
    tx.audit(Change::made("webhook.change", "webhook_endpoint", id.uuid(), after).from(before)).await?;
    Ok(row.into())
}

/// Switches an endpoint on, or off by its owner's wish.
pub async fn switch(
    tx: &Tx,
    grant: &Grant<KeepWebhook>,
    id: WebhookEndpointId,
    seen: i64,
    to: EndpointState,
) -> Result<Endpoint, WebhookError> {
    let row = held(tx, grant.scope(), id, seen).await?;
    if row.state == to {
        return Err(WebhookError::WrongState);
    }
    let change = Change::moved("webhook.switch", "webhook_endpoint", id.uuid(), row.state.as_str(), to.as_str());
    tx.audit(change).await?;
    let disabled_because = (to == EndpointState::Disabled).then_some(DisabledBecause::ByOwner);
    let row =
        webhook_endpoint::Model { state: to, disabled_because, failing_since: None, version: row.version + 1, ..row };
    store::update(tx, row.clone()).await?;
    Ok(row.into())
}

/// Gives an endpoint a new secret; the one before signs too for a day.
pub async fn rotate(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<KeepWebhook>,
    id: WebhookEndpointId,
    seen: i64,
) -> Result<EndpointWithSecret, WebhookError> {
    let row = held(tx, grant.scope(), id, seen).await?;
    let before = secrets.open(place(id, "secret_cipher"), &row.secret_cipher)?;
    let secret = Secret::generate()?;
    let row = webhook_endpoint::Model {
        secret_cipher: secrets.seal(place(id, "secret_cipher"), secret.text())?,
        previous_secret_cipher: Some(secrets.seal(place(id, "previous_secret_cipher"), &before)?),
        previous_until: Some(tx.now() + OVERLAP),
        version: row.version + 1,
        ..row
    };
    store::update(tx, row.clone()).await?;
    let after = json!({ "previous_until": row.previous_until });
    tx.audit(Change::made("webhook.rotate_secret", "webhook_endpoint", id.uuid(), after)).await?;
    Ok(EndpointWithSecret { secret: secret.text().to_owned(), endpoint: row.into() })
}

/// One endpoint in reach.
pub async fn show(db: &impl ConnectionTrait, scope: &Scope, id: WebhookEndpointId) -> Result<Endpoint, WebhookError> {
    Ok(store::find(db, scope, id).await?.ok_or(WebhookError::NotFound)?.into())
}

/// One page of endpoints, newest first.
pub async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewWebhook>,
    page: &PageQuery,
) -> Result<Page<Endpoint>, Failure> {
    let (limit, before) = (page.limit()?, page.after()?.map(WebhookEndpointId::from_uuid));
    let rows = store::list(db, grant.scope(), before, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), Endpoint::from))
}

/// One page of deliveries, newest first.
pub async fn deliveries(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewWebhook>,
    wanted: DeliveryFilter,
) -> Result<Page<Delivered>, Failure> {
    let DeliveryFilter { endpoint, state, limit, cursor } = wanted;
    let page = PageQuery { limit, cursor };
    let (limit, before) = (page.limit()?, page.after()?.map(WebhookDeliveryId::from_uuid));
    let rows = store::list_deliveries(db, grant.scope(), (endpoint, state), before, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), Delivered::from))
}

/// One delivery with its log.
pub async fn delivery(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: WebhookDeliveryId,
) -> Result<DeliveryLog, WebhookError> {
    let row = store::find_delivery(db, scope, id).await?.ok_or(WebhookError::NotFound)?;
    let log = store::attempts(db, id).await?.into_iter().map(Into::into).collect();
    Ok(DeliveryLog { body: row.body.clone(), delivery: row.into(), log })
}

/// Sends one delivery again, wherever it is.
pub async fn send_again(tx: &Tx, grant: &Grant<KeepWebhook>, id: WebhookDeliveryId) -> Result<Delivered, WebhookError> {
    let row = store::find_delivery(tx, grant.scope(), id).await?.ok_or(WebhookError::NotFound)?;
    if row.state == DeliveryState::Waiting {
        return Err(WebhookError::WrongState);
    }
    set_out_again(tx, vec![row.clone()]).await?;
    tx.audit(Change::made("webhook.send_again", "webhook_delivery", id.uuid(), json!({ "event": row.event_id })))
        .await?;
    Ok(Delivered::from(webhook_delivery::Model { state: DeliveryState::Waiting, attempts: 0, ..row }))
}

/// Sends again what failed to arrive at an endpoint, in its order. Says how many; the rest when asked again.
pub async fn send_failed_again(
    tx: &Tx,
    grant: &Grant<KeepWebhook>,
    id: WebhookEndpointId,
) -> Result<u64, WebhookError> {
    store::find(tx, grant.scope(), id).await?.ok_or(WebhookError::NotFound)?;
    let rows = store::failed(tx, id, AGAIN).await?;
    let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    set_out_again(tx, rows).await?;
    let after = json!({ "deliveries": count });
    tx.audit(Change::made("webhook.send_failed_again", "webhook_endpoint", id.uuid(), after)).await?;
    Ok(count)
}

async fn set_out_again(tx: &Tx, rows: Vec<webhook_delivery::Model>) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    store::set_out_again(tx, rows.iter().map(|row| row.id).collect()).await?;
    jobs::enqueue_all(tx, SEND.name, rows.iter().map(|row| due(row, tx.now())).collect()).await
}

/// The job that sends a delivery: behind the earlier ones to the same endpoint about the same object.
fn due(row: &webhook_delivery::Model, now: Timestamp) -> Due {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(row.endpoint_id.uuid().as_bytes());
    context.update(row.aggregate_id.as_bytes());
    let mut about = [0; 16];
    about.copy_from_slice(&context.finish().as_ref()[..16]);
    let order = Some((uuid::Builder::from_custom_bytes(about).into_uuid(), row.position));
    Due { payload: format!("\"{}\"", row.id), run_at: now, order }
}

/// Sets out an event to every endpoint that wants it. To one that is switched off it fails at once, and can be sent
/// again later.
async fn fan(app: &App, payload: &str) -> Result<(), JobError> {
    let published: Published = read_payload(payload)?;
    let entries = feed::entries(app.reader(), published).await?;
    let endpoints = store::endpoints_of(app.reader(), entries.iter().map(|entry| entry.organisation_id)).await?;
    let wants = |endpoint: &webhook_endpoint::Model, topic: &str| {
        let topics = topics(endpoint);
        topics.is_empty() || topics.iter().any(|wanted| wanted == topic)
    };
    let now = app.clock.now();
    let mut rows = Vec::new();
    for endpoint in &endpoints {
        let own = entries.iter().filter(|entry| entry.organisation_id == endpoint.organisation_id);
        for entry in own.filter(|entry| wants(endpoint, &entry.topic)) {
            let is_active = endpoint.state == EndpointState::Active;
            rows.push(webhook_delivery::Model {
                id: WebhookDeliveryId::generate(),
                endpoint_id: endpoint.id,
                event_id: entry.event_id,
                position: entry.position,
                topic: entry.topic.clone(),
                aggregate_id: entry.aggregate_id,
                body: feed::body_of(entry),
                state: if is_active { DeliveryState::Waiting } else { DeliveryState::Failed },
                attempts: 0,
                next_at: is_active.then_some(now),
                delivered_at: None,
                created_at: now,
            });
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    app.transact(&Actor::System, async |tx| -> Result<(), DbErr> {
        let entered = store::insert_deliveries(tx, &rows).await?;
        let waiting = rows.iter().filter(|row| row.state == DeliveryState::Waiting && entered.contains(&row.id));
        jobs::enqueue_all(tx, SEND.name, waiting.map(|row| due(row, tx.now())).collect()).await
    })
    .await?;
    Ok(())
}

/// The secrets that sign now.
fn signing(secrets: &Secrets, row: &webhook_endpoint::Model, now: Timestamp) -> Result<Vec<Secret>, SecrecyError> {
    let mut clear = vec![secrets.open(place(row.id, "secret_cipher"), &row.secret_cipher)?];
    if let (Some(before), Some(until)) = (&row.previous_secret_cipher, row.previous_until)
        && until > now
    {
        clear.push(secrets.open(place(row.id, "previous_secret_cipher"), before)?);
    }
    clear.iter().map(|text| Secret::parse(text).ok_or(SecrecyError::DoesNotOpen)).collect()
}

async fn send(app: &App, payload: &str) -> Result<(), JobError> {
    let id: WebhookDeliveryId = read_payload(payload)?;
    let Some((delivery, endpoint)) = store::for_sending(app.reader(), id).await? else { return Ok(()) };
    if delivery.state != DeliveryState::Waiting {
        return Ok(());
    }
    if endpoint.state == EndpointState::Disabled {
        let fail = async |tx: &Tx| store::move_delivery(tx, id, DeliveryState::Failed, delivery.attempts, None).await;
        return Ok(app.transact(&Actor::System, fail).await?);
    }
    let secrets = signing(&app.secrets, &endpoint, app.clock.now()).map_err(WebhookError::from)?;
    let began = Instant::now();
    let arrival = transport::deliver(app, &endpoint.url, &secrets, &delivery).await;
    let took = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
    let spread = fastrand::i64(0..=1_000);
    let next = app.transact(&Actor::System, async |tx| conclude(tx, &delivery, &arrival, took, spread).await).await?;
    match next {
        Some(at) => Err(JobError::Later(at)),
        None => Ok(()),
    }
}

/// Writes down what came of an attempt; says when the next one follows.
async fn conclude(
    tx: &Tx,
    delivery: &webhook_delivery::Model,
    arrival: &Arrival,
    took: i64,
    spread: i64,
) -> Result<Option<Timestamp>, WebhookError> {
    let endpoint = store::hold(tx, &Scope::Everything, delivery.endpoint_id).await?.ok_or(WebhookError::NotFound)?;
    store::insert_attempt(tx, delivery.id, arrival.words(), took).await?;
    let attempts = delivery.attempts + 1;
    if let Arrival::Taken(_) = arrival {
        store::move_delivery(tx, delivery.id, DeliveryState::Delivered, attempts, None).await?;
        if endpoint.failing_since.is_some() {
            store::update(tx, webhook_endpoint::Model { failing_since: None, ..endpoint }).await?;
        }
        return Ok(None);
    }
    let failing_since = endpoint.failing_since.or(Some(tx.now()));
    let is_gone = *arrival == Arrival::Gone;
    let is_over = endpoint.state == EndpointState::Disabled || is_gone || is_given_up(failing_since, tx.now());
    let next = if is_over { None } else { next_attempt(attempts, tx.now(), spread) };
    let state = if next.is_some() { DeliveryState::Waiting } else { DeliveryState::Failed };
    store::move_delivery(tx, delivery.id, state, attempts, next).await?;
    if is_over && endpoint.state == EndpointState::Active {
        let because = if is_gone { DisabledBecause::Gone } else { DisabledBecause::Failing };
        disable(tx, endpoint, because, failing_since).await?;
    } else {
        store::update(tx, webhook_endpoint::Model { failing_since, ..endpoint }).await?;
    }
    Ok(next)
}

/// Switches an endpoint off because of how it answers, and tells its owner.
async fn disable(
    tx: &Tx,
    row: webhook_endpoint::Model,
    because: DisabledBecause,
    failing_since: Option<Timestamp>,
) -> Result<(), DbErr> {
    let (endpoint, organisation) = (row.id, row.organisation_id);
    let id: Uuid = endpoint.uuid();
    let row = webhook_endpoint::Model {
        state: EndpointState::Disabled,
        disabled_because: Some(because),
        failing_since,
        version: row.version + 1,
        ..row
    };
    store::update(tx, row).await?;
    let change = Change::moved("webhook.disable", "webhook_endpoint", id, "active", "disabled");
    tx.audit(change.because(because.as_str())).await?;
    tx.emit(&EndpointDisabled { endpoint, organisation }).await
}
