//! Publishing an event to whom it concerns, and reading what was published.

use super::catalogue::{self, Audience, EventType};
use super::view::{FeedEvent, FeedPiece, FeedStart};
use super::{cursor, store};
use crate::access::Actor;
use crate::app::App;
use crate::db::{Sequence, Tx};
use crate::jobs::{self, Due, EVERYTHING, Envelope, JobError, JobKind, read_payload};
use crate::problem::{Describe, Failure, Problem};
use crate::{catalogue as goods, organisation};
use entity::feed_entry;
use entity::value::{Fen, OrganisationId, ProductId};
use sea_orm::{ConnectionTrait, DbErr};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// Publishes every event.
pub const PUBLISH: JobKind = JobKind {
    name: "feed.publish",
    outward: false,
    hears: EVERYTHING,
    run: |app, payload| Box::pin(publish(app, payload)),
    together: None,
};

/// The name of the work that follows a publication: webhooks push what stands in the feed.
pub const FOLLOWED_BY: &str = "webhook.fan";

/// The name of the work that tells people of a publication by mail.
pub const TOLD_BY: &str = "notice.tell";

/// The entries of one event: the first and the last position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The first position.
    pub first: i64,
    /// The last position.
    pub last: i64,
}

/// The entries of a publication.
///
/// # Errors
/// When the database cannot be asked.
pub async fn entries(db: &impl ConnectionTrait, of: Published) -> Result<Vec<feed_entry::Model>, DbErr> {
    store::between(db, of.first, of.last).await
}

/// An entry as it is read, streamed and pushed: the same JSON everywhere.
#[must_use]
pub fn body_of(entry: &feed_entry::Model) -> String {
    serde_json::to_string(&FeedEvent::of(entry)).unwrap_or_default()
}

/// So many floors an organisation can have above it; a tree has four.
const FLOORS: usize = 8;

/// Why an event cannot be published.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// A newer server wrote it, or its line is missing.
    #[error("{0} is not in the catalogue of events")]
    Unknown(String),
    /// It was written wrong.
    #[error("the event has not the form of {0}")]
    Form(String),
    /// The database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for FeedError {
    fn problem(&self) -> Problem {
        match self {
            Self::Unknown(_) | Self::Form(_) => Problem::internal(),
            Self::Database(error) => error.problem(),
        }
    }
}

impl FeedError {
    /// What it means for a job: a wrong form will never be right, everything else may pass.
    #[must_use]
    pub fn of_job(self) -> JobError {
        match self {
            Self::Form(_) => JobError::GiveUp(self.into()),
            Self::Unknown(_) | Self::Database(_) => JobError::Retry(self.into()),
        }
    }
}

async fn publish(app: &App, payload: &str) -> Result<(), JobError> {
    let envelope: Envelope = read_payload(payload)?;
    let told = addressed(app.reader(), &envelope).await.map_err(FeedError::of_job)?;
    if told.is_empty() {
        return Ok(());
    }
    app.transact(&Actor::System, async |tx| enter(tx, &envelope, &told).await).await?;
    Ok(())
}

/// Enters an event for everybody it concerns, unless it was entered before. Positions are taken last, and held for as
/// short as a commit takes.
async fn enter(tx: &Tx, envelope: &Envelope, told: &BTreeMap<OrganisationId, Value>) -> Result<(), DbErr> {
    if store::is_published(tx, told.keys().copied(), envelope.id).await? {
        return Ok(());
    }
    let head = Sequence::FEED.hold(tx).await?;
    let version = catalogue::find(&envelope.topic).map_or(1, |kind| kind.version);
    let rows: Vec<_> = (head + 1..)
        .zip(told)
        .map(|(position, (organisation, data))| feed_entry::Model {
            position,
            organisation_id: *organisation,
            event_id: envelope.id,
            topic: envelope.topic.clone(),
            version,
            aggregate_id: envelope.aggregate,
            payload: data.to_string(),
            occurred_at: envelope.at,
            created_at: tx.now(),
        })
        .collect();
    let last = rows.last().map_or(head, |row| row.position);
    store::insert(tx, rows).await?;
    Sequence::FEED.move_to(tx, last).await?;
    let payload =
        serde_json::to_string(&Published { first: head + 1, last }).map_err(|e| DbErr::Json(e.to_string()))?;
    let order = Some((envelope.aggregate, last));
    for name in [FOLLOWED_BY, TOLD_BY] {
        jobs::enqueue_all(tx, name, vec![Due { payload: payload.clone(), run_at: tx.now(), order }]).await?;
    }
    Ok(())
}

/// Whom an event concerns, and what each may see of it. Whoever stands above a buyer sees what the buyer sees.
///
/// # Errors
/// When the event has not the form of its kind, or the database cannot be asked.
pub async fn addressed(
    db: &impl ConnectionTrait,
    envelope: &Envelope,
) -> Result<BTreeMap<OrganisationId, Value>, FeedError> {
    let kind = catalogue::find(&envelope.topic).ok_or_else(|| FeedError::Unknown(envelope.topic.clone()))?;
    let mut told = match kind.audience {
        Audience::House => return Ok(BTreeMap::new()),
        Audience::Products => by_supplier(db, &envelope.data).await?,
        Audience::Named(_) | Audience::Parts => {
            parts_of(kind, &envelope.data).ok_or_else(|| FeedError::Form(envelope.topic.clone()))?
        }
    };
    add_those_above(db, &mut told).await?;
    Ok(told)
}

fn organisation_at(data: &Value, place: &str) -> Option<OrganisationId> {
    data.pointer(place)?.as_str()?.parse().ok()
}

/// What each organisation named in an event may see of it. Pure.
#[must_use]
pub fn parts_of(kind: &EventType, data: &Value) -> Option<BTreeMap<OrganisationId, Value>> {
    match kind.audience {
        Audience::Named(places) => {
            let held = places.iter().filter(|place| !data.pointer(place).is_some_and(Value::is_null));
            held.map(|place| Some((organisation_at(data, place)?, data.clone()))).collect()
        }
        Audience::Parts => {
            let mut told = BTreeMap::new();
            let parts = data["supplier_orders"].as_array()?;
            for part in parts {
                let supplier = organisation_at(part, "/supplier")?;
                let own: Vec<Value> =
                    parts.iter().filter(|part| part["supplier"] == supplier.to_string()).cloned().collect();
                let amounts = own.iter().map(|part| serde_json::from_value::<Fen>(part["total_fen"].clone()));
                let total = Fen::checked_sum(amounts.collect::<Result<Vec<_>, _>>().ok()?).ok()?;
                let mut seen = data.clone();
                seen["supplier_orders"] = own.into();
                seen["total_fen"] = serde_json::to_value(total).ok()?;
                told.insert(supplier, seen);
            }
            // Whoever orders of themselves sees the whole.
            told.insert(organisation_at(data, "/buyer")?, data.clone());
            Some(told)
        }
        Audience::House | Audience::Products => Some(BTreeMap::new()),
    }
}

/// The products of an event, each for its supplier.
async fn by_supplier(db: &impl ConnectionTrait, data: &Value) -> Result<BTreeMap<OrganisationId, Value>, DbErr> {
    let one: Option<ProductId> = serde_json::from_value(data["product"].clone()).unwrap_or_default();
    let many: Vec<ProductId> = serde_json::from_value(data["products"].clone()).unwrap_or_default();
    let ids: Vec<_> = one.into_iter().chain(many).collect();
    let mut own = BTreeMap::<OrganisationId, Vec<ProductId>>::new();
    for product in goods::find_products(db, &ids).await? {
        own.entry(product.supplier_id).or_default().push(product.id);
    }
    let seen = |products: Vec<ProductId>| match one {
        Some(_) => data.clone(),
        None => serde_json::json!({ "products": products }),
    };
    Ok(own.into_iter().map(|(supplier, products)| (supplier, seen(products))).collect())
}

/// Adds whoever stands above those that are told, with what those see. One statement a floor.
async fn add_those_above(db: &impl ConnectionTrait, told: &mut BTreeMap<OrganisationId, Value>) -> Result<(), DbErr> {
    let mut floor: HashMap<OrganisationId, OrganisationId> = told.keys().map(|id| (*id, *id)).collect();
    for _ in 0..FLOORS {
        let ids: Vec<_> = floor.keys().copied().collect();
        let found = organisation::find_many(db, &ids).await?;
        let above: HashMap<_, _> =
            found.iter().filter_map(|row| Some((row.parent_id?, floor.get(&row.id).copied()?))).collect();
        if above.is_empty() {
            break;
        }
        for (parent, source) in &above {
            if let Some(seen) = told.get(source).cloned() {
                told.entry(*parent).or_insert(seen);
            }
        }
        floor = above;
    }
    Ok(())
}

/// What a reader wants.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    pub owner: OrganisationId,
    pub after: i64,
    pub topics: Vec<String>,
}

impl Reader {
    /// A reader at the place that was asked for.
    pub(super) async fn open(
        db: &impl ConnectionTrait,
        owner: OrganisationId,
        at: Option<&str>,
        from: Option<FeedStart>,
        types: Option<&str>,
    ) -> Result<Self, Failure> {
        let after = match (at, from.unwrap_or_default()) {
            (Some(text), _) => cursor::read(owner, text).ok_or_else(|| {
                Problem::invalid(
                    "?cursor",
                    "cursor 不是本单位的变更流给出的。",
                    "The cursor is not of this organisation's feed.",
                )
            })?,
            (None, FeedStart::Oldest) => 0,
            (None, FeedStart::Now) => Sequence::FEED.last(db).await?,
        };
        let topics: Vec<String> = types
            .into_iter()
            .flat_map(|types| types.split(','))
            .map(|topic| topic.trim().to_owned())
            .filter(|topic| !topic.is_empty())
            .collect();
        if !topics.iter().all(|topic| catalogue::is_told(topic)) {
            let (zh, en) =
                ("没有这种事件；见 GET /api/v1/event-types。", "There is no such event; see GET /api/v1/event-types.");
            return Err(Problem::invalid("?types", zh, en).into());
        }
        Ok(Self { owner, after, topics })
    }

    /// The next entries; the reader goes on behind them.
    pub(super) async fn next(
        &mut self,
        db: &impl ConnectionTrait,
        limit: u64,
    ) -> Result<Vec<feed_entry::Model>, DbErr> {
        let rows = store::after(db, self.owner, self.after, &self.topics, limit).await?;
        self.after = rows.last().map_or(self.after, |row| row.position);
        Ok(rows)
    }

    /// A piece of at most so many entries.
    pub(super) async fn piece(&mut self, db: &impl ConnectionTrait, limit: u64) -> Result<FeedPiece, DbErr> {
        let begin = self.after;
        let mut rows = self.next(db, limit + 1).await?;
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > most;
        rows.truncate(most);
        self.after = rows.last().map_or(begin, |row| row.position);
        let items = rows.iter().map(FeedEvent::of).collect();
        Ok(FeedPiece { items, cursor: cursor::write(self.owner, self.after), more })
    }
}
