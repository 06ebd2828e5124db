//! Keeps the index up to date: a job for each product that changed, a walk for what changes without an event, and
//! all of them anew.
//!
//! Promises: what is indexed is what the database has now, whichever event is heard, however late or often. One
//! flush to disk takes in everything that waits, because a flush costs as much as a hundred products.

use super::engine::{Change, ProductDocument, SearchError, Source};
use super::facts::Facts;
use super::part::{Engine, Known, source_failed};
use crate::app::App;
use crate::catalogue::{self, AvailabilityChanged, Listing, ProductChanged};
use crate::db::Event;
use crate::jobs::{self, JobError, JobKind, Lag, Scheduled};
use crate::problem::Failure;
use crate::procurement::{
    self,
    event::{OrderAccepted, OrderCredited, OrderRefused},
};
use crate::region;
use crate::secrecy::sha256_hex;
use entity::value::{ProductId, ProgressUnit, SupplierOrderId, Timestamp, business_date};
use std::collections::{BTreeSet, HashMap};
use tokio::sync::{mpsc, oneshot};

/// Indexes products that changed, and those of orders that ended: how they sell is part of their ranking.
pub const INDEX: JobKind = JobKind {
    name: NAME,
    outward: false,
    hears: &[
        ProductChanged::TOPIC,
        AvailabilityChanged::TOPIC,
        OrderAccepted::TOPIC,
        OrderCredited::TOPIC,
        OrderRefused::TOPIC,
    ],
    run: |app, payload| Box::pin(index(app, payload)),
    together: None,
};

/// Makes the whole index anew, because an operator asked for it. It takes minutes, so it runs beside the rest.
pub const REBUILD: JobKind = JobKind {
    name: "search.rebuild",
    outward: true,
    hears: &[],
    run: |app, _| Box::pin(async move { Ok(rebuild(app).await.map(drop)?) }),
    together: None,
};

/// Looks through some products each minute, in turns through all of them: certificates end, seasons are learnt and
/// households join without an event.
pub const EVERY_MINUTE: Scheduled =
    Scheduled { name: "search.walk", every_seconds: 60, run: |app| Box::pin(walk_on(app)) };

const NAME: &str = "search.index";

/// How many waiting jobs one flush looks ahead.
const AHEAD: u64 = 500;

/// How many products a rebuild, or a turn of the walk, reads at a time.
const PAGE: u64 = 500;

/// A transaction that began before a rebuild may commit during it, but not later than this.
const LONGEST_TRANSACTION: chrono::Duration = chrono::Duration::minutes(5);

/// Any event; each says only what it is about.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Heard {
    One(ProductChanged),
    Many(AvailabilityChanged),
    Order { supplier_order: SupplierOrderId },
}

/// The products that events are about.
async fn products_of(app: &App, heard: impl IntoIterator<Item = Heard>) -> Result<BTreeSet<ProductId>, Failure> {
    let (mut products, mut orders) = (BTreeSet::new(), Vec::new());
    for event in heard {
        match event {
            Heard::One(event) => {
                products.insert(event.product);
            }
            Heard::Many(event) => products.extend(event.products),
            Heard::Order { supplier_order } => orders.push(supplier_order),
        }
    }
    products.extend(procurement::products_of(app.reader(), &orders).await?);
    Ok(products)
}

/// Indexes the products of this event, and those of the events that wait behind it: when their turn comes, their
/// documents are found unchanged and cost nothing.
async fn index(app: &App, payload: &str) -> Result<(), JobError> {
    let own = products_of(app, [jobs::read_payload(payload)?]).await?;
    let engine = app.part::<Engine>()?;
    let generation = engine.block(|engine| Ok(engine.generation())).await?;
    let mut known = engine.known().await;
    let known = known.of(generation);
    if changes(app, &own, known).await?.is_empty() {
        return Ok(());
    }
    let waiting = jobs::waiting(app.reader(), NAME, AHEAD).await?;
    let ahead = waiting.iter().filter_map(|payload| serde_json::from_str(payload).ok());
    let mut products = products_of(app, ahead).await?;
    products.extend(own);
    Ok(take_in(app, engine, known, &products).await?)
}

/// Looks through the next products after those of the last turn.
async fn walk_on(app: &App) -> Result<(), JobError> {
    let engine = app.part::<Engine>()?;
    let today = business_date(app.clock.now());
    let mut after = engine.walked().await;
    let page = catalogue::listings_after(app.reader(), *after, PAGE, today).await.map_err(Failure::from)?;
    let products: BTreeSet<_> = page.into_iter().map(|listing| listing.id).collect();
    let generation = engine.block(|engine| Ok(engine.generation())).await?;
    take_in(app, engine, engine.known().await.of(generation), &products).await?;
    *after = products.last().copied();
    Ok(())
}

/// Brings what the index lacks of these products into it.
async fn take_in(app: &App, engine: &Engine, known: &mut Known, products: &BTreeSet<ProductId>) -> Result<(), Failure> {
    let changes = changes(app, products, known).await?;
    let applied = changes.iter().map(|(_, change)| change.clone()).collect::<Vec<_>>();
    engine.block(move |engine| engine.apply(&applied)).await?;
    known.extend(changes.into_iter().map(|(fingerprint, change)| (product_of(&change), fingerprint)));
    Ok(())
}

fn product_of(change: &Change) -> ProductId {
    match change {
        Change::Upsert(document) => document.id,
        Change::Remove(product) => *product,
    }
}

/// What the index lacks of these products, each with the fingerprint of what it will hold.
async fn changes(
    app: &App,
    products: &BTreeSet<ProductId>,
    known: &Known,
) -> Result<Vec<(Option<String>, Change)>, Failure> {
    let wanted = as_they_are(app, products).await?.into_iter().map(|change| match &change {
        Change::Upsert(document) => (Some(fingerprint(document)), change),
        Change::Remove(_) => (None, change),
    });
    Ok(wanted.filter(|(fingerprint, change)| known.get(&product_of(change)) != Some(fingerprint)).collect())
}

/// These products as they are now.
async fn as_they_are(app: &App, products: &BTreeSet<ProductId>) -> Result<Vec<Change>, Failure> {
    let today = business_date(app.clock.now());
    let products: Vec<ProductId> = products.iter().copied().collect();
    let mut changes = Vec::with_capacity(products.len());
    for some in products.chunks(usize::try_from(PAGE).unwrap_or(usize::MAX)) {
        let listings = catalogue::listings(app.reader(), some, today).await?;
        let documents = documents(app, listings, &mut Facts::default()).await?;
        let mut documents: HashMap<_, _> = documents.into_iter().map(|document| (document.id, document)).collect();
        changes.extend(some.iter().map(|product| match documents.remove(product) {
            Some(document) => Change::Upsert(Box::new(document)),
            None => Change::Remove(*product),
        }));
    }
    Ok(changes)
}

fn fingerprint(document: &ProductDocument) -> String {
    // A document that could not be written as JSON would only be indexed once more than needed.
    sha256_hex(&serde_json::to_vec(document).unwrap_or_default())
}

/// The documents of listings, with the same number of statements for one as for many.
async fn documents(app: &App, listings: Vec<Listing>, facts: &mut Facts) -> Result<Vec<ProductDocument>, Failure> {
    facts.learn(app.reader(), &listings).await?;
    Ok(listings.into_iter().map(|listing| document(listing, facts)).collect())
}

fn document(listing: Listing, facts: &Facts) -> ProductDocument {
    let county = facts.county(&listing.origin_county_code);
    ProductDocument {
        id: listing.id,
        name: listing.name,
        called: listing.called,
        supplier_name: listing.supplier_name,
        category_codes: listing.category_codes.iter().map(ToString::to_string).collect(),
        category_names: listing.category_names,
        province_code: region::province_of(&listing.origin_county_code),
        origin_county_code: listing.origin_county_code,
        county_names: county.names,
        area_names: county.above,
        supplier_id: listing.supplier_id,
        unit_price_fen: listing.unit_price_fen.get(),
        fen_per_kilogram: listing.fen_per_kilogram.get(),
        pack_grams: listing.pack_grams.get(),
        available_packs: listing.available_packs.get(),
        certificates: listing.certificates,
        schemes: listing.schemes,
        season_months: facts.season(listing.id, &listing.season_months),
        sold_packs: facts.sold_packs(listing.id),
        households: facts.households(listing.id),
        delivery_record: facts.delivery_record(listing.supplier_id),
    }
}

/// The products of a rebuild, as they come from the database to the thread of the engine.
struct Feed {
    products: mpsc::Receiver<Result<ProductDocument, SearchError>>,
    late: mpsc::Sender<oneshot::Sender<Result<Vec<Change>, SearchError>>>,
}

impl Source for Feed {
    fn next(&mut self) -> Option<Result<ProductDocument, SearchError>> {
        self.products.blocking_recv()
    }

    fn late(&mut self) -> Result<Vec<Change>, SearchError> {
        let gone = || SearchError::Source("the reading of products ended early".into());
        let (answer, answered) = oneshot::channel();
        self.late.blocking_send(answer).map_err(|_| gone())?;
        answered.blocking_recv().map_err(|_| gone())?
    }
}

/// Makes the whole index anew from the database, beside the old one, which is searched and fed meanwhile. Says how
/// many products it holds then.
///
/// # Errors
/// When the database or the index cannot be read or written; the index stays as it was.
pub async fn rebuild(app: &App) -> Result<u64, Failure> {
    rebuild_telling(app, |_| ()).await
}

/// The same, saying how many products were read so far, page by page.
///
/// # Errors
/// As [`rebuild`].
pub async fn rebuild_telling(app: &App, told: impl Fn(u64)) -> Result<u64, Failure> {
    let engine = app.part::<Engine>()?;
    let since = app.clock.now() - LONGEST_TRANSACTION;
    let (send, products) = mpsc::channel(64);
    let (late, asked) = mpsc::channel(1);
    let reading = async {
        read_all(app, send, &told).await;
        answer_late(app, since, asked).await;
    };
    let mut feed = Feed { products, late };
    let writing = engine.block(move |engine| engine.rebuild(&mut feed));
    let ((), count) = tokio::join!(reading, writing);
    Ok(count?)
}

/// Sends every product on the shelf, and says how far it has come. When nobody listens any more, the engine has failed and says so itself.
async fn read_all(app: &App, send: mpsc::Sender<Result<ProductDocument, SearchError>>, told: &impl Fn(u64)) {
    let today = business_date(app.clock.now());
    // Only for whoever waits: without it nothing else is different.
    let all = catalogue::count_on_shelf(app.reader()).await.unwrap_or(0);
    let (mut after, mut read) = (None, 0);
    let mut facts = Facts::default();
    loop {
        let page = async {
            let page = catalogue::listings_after(app.reader(), after, PAGE, today).await?;
            documents(app, page, &mut facts).await
        };
        let page = match page.await {
            Ok(page) => page,
            Err(failure) => {
                let _engine_failed = send.send(Err(source_failed(&failure))).await;
                return;
            }
        };
        let Some(last) = page.iter().map(|document| document.id).max() else { return };
        after = Some(last);
        for document in page {
            if send.send(Ok(document)).await.is_err() {
                return;
            }
            read += 1;
        }
        told(read);
        jobs::progress(app, read, all, ProgressUnit::Products).await;
    }
}

/// Answers what happened to products since a rebuild began, as often as the engine asks.
async fn answer_late(
    app: &App,
    since: Timestamp,
    mut asked: mpsc::Receiver<oneshot::Sender<Result<Vec<Change>, SearchError>>>,
) {
    while let Some(answer) = asked.recv().await {
        let late = async {
            let payloads = jobs::heard_since(app.reader(), &INDEX, since).await?;
            let heard = payloads.iter().filter_map(|payload| serde_json::from_str(payload).ok());
            let products = products_of(app, heard).await?;
            as_they_are(app, &products).await
        };
        let _engine_failed = answer.send(late.await.map_err(|failure| source_failed(&failure)));
    }
}

/// Makes the index when there is none yet, or none of this version. A search works without it, only worse, so a
/// failure is told and not returned.
pub async fn make_ready(app: &App) {
    let made = async {
        let engine = app.part::<Engine>()?;
        if engine.block(|engine| engine.needs_rebuild()).await? {
            let products = rebuild(app).await?;
            tracing::info!(products, "the search index was made");
        }
        Ok::<(), Failure>(())
    };
    if let Err(error) = made.await {
        tracing::warn!(%error, "the search index could not be made; run `liannong search rebuild`");
    }
}

/// How the search is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Health {
    /// Which engine is asked.
    pub engine: &'static str,
    /// Whether the database answers in the engine's place.
    pub degraded: bool,
    /// How many events the index has not taken in yet.
    pub events_behind: u64,
    /// For how many seconds the oldest of them has waited.
    pub seconds_behind: i64,
}

/// How the search is: for whoever watches over the house.
///
/// # Errors
/// When the database cannot be asked.
pub async fn health(app: &App) -> Result<Health, Failure> {
    let engine = app.part::<Engine>()?;
    let Lag { events, oldest } = jobs::lag(app.reader(), &INDEX).await?;
    let seconds_behind = oldest.map_or(0, |oldest| (app.clock.now() - oldest).num_seconds().max(0));
    Ok(Health { engine: engine.name(), degraded: !engine.answers(), events_behind: events, seconds_behind })
}
