//! Keeps the index up to date: a job for each product that changed, and all of them anew.
//!
//! Promises: what is indexed is what the database has now, whichever event is heard, however late or often. One
//! flush to disk takes in everything that waits, because a flush costs as much as a hundred products.

use super::engine::{Change, ProductDocument, SearchError};
use super::part::{Engine, Known, source_failed};
use crate::app::App;
use crate::catalogue::{self, AvailabilityChanged, Listing, ProductChanged};
use crate::db::Event;
use crate::jobs::{self, JobError, JobKind};
use crate::problem::Failure;
use crate::region;
use crate::secrecy::sha256_hex;
use entity::value::{ProductId, business_date};
use std::collections::{BTreeSet, HashMap};

/// Indexes products that changed.
pub const INDEX: JobKind = JobKind {
    name: NAME,
    hears: &[ProductChanged::TOPIC, AvailabilityChanged::TOPIC],
    run: |app, payload| Box::pin(index(app, payload)),
};

const NAME: &str = "search.index";

/// How many waiting jobs one flush looks ahead.
const AHEAD: u64 = 500;

/// How many products a rebuild reads at a time.
const PAGE: u64 = 500;

/// Either event; both say only which products.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Heard {
    One(ProductChanged),
    Many(AvailabilityChanged),
}

impl Heard {
    fn products(self) -> Vec<ProductId> {
        match self {
            Self::One(event) => vec![event.product],
            Self::Many(event) => event.products,
        }
    }
}

/// Indexes the products of this event, and those of the events that wait behind it: when their turn comes, their
/// documents are found unchanged and cost nothing.
async fn index(app: &App, payload: &str) -> Result<(), JobError> {
    let heard: Heard = jobs::read_payload(payload)?;
    let engine = app.part::<Engine>()?;
    let mut known = engine.known().await;
    let own = heard.products();
    if changes(app, &own, &known).await?.is_empty() {
        return Ok(());
    }
    let waiting = jobs::waiting(app.reader(), NAME, AHEAD).await?;
    let ahead = waiting.iter().filter_map(|payload| serde_json::from_str::<Heard>(payload).ok());
    let products: BTreeSet<_> = own.into_iter().chain(ahead.flat_map(Heard::products)).collect();
    let changes = changes(app, &products.into_iter().collect::<Vec<_>>(), &known).await?;
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
async fn changes(app: &App, products: &[ProductId], known: &Known) -> Result<Vec<(Option<String>, Change)>, Failure> {
    let today = business_date(app.clock.now());
    let listings = catalogue::listings(app.reader(), products, today).await?;
    let mut listings: HashMap<_, _> = listings.into_iter().map(|listing| (listing.id, listing)).collect();
    let wanted = products.iter().map(|product| match listings.remove(product) {
        Some(listing) => {
            let document = document(listing);
            (Some(fingerprint(&document)), Change::Upsert(Box::new(document)))
        }
        None => (None, Change::Remove(*product)),
    });
    Ok(wanted.filter(|(fingerprint, change)| known.get(&product_of(change)) != Some(fingerprint)).collect())
}

fn fingerprint(document: &ProductDocument) -> String {
    // A document that could not be written as JSON would only be indexed once more than needed.
    sha256_hex(&serde_json::to_vec(document).unwrap_or_default())
}

fn document(listing: Listing) -> ProductDocument {
    let Listing {
        id,
        name,
        supplier_id,
        supplier_name,
        category_codes,
        category_names,
        origin_county_code,
        county_names,
        unit_price_fen,
        fen_per_kilogram,
        pack_grams,
        available_packs,
        certificates,
    } = listing;
    ProductDocument {
        id,
        name,
        supplier_name,
        category_codes: category_codes.iter().map(ToString::to_string).collect(),
        category_names,
        province_code: region::province_of(&origin_county_code),
        origin_county_code,
        county_names,
        supplier_id,
        unit_price_fen: unit_price_fen.get(),
        fen_per_kilogram: fen_per_kilogram.get(),
        pack_grams: pack_grams.get(),
        available_packs: available_packs.get(),
        certificates,
    }
}

/// Makes the whole index anew from the database. Says how many products it holds then.
///
/// # Errors
/// When the database or the index cannot be read or written; the index stays as it was.
pub async fn rebuild(app: &App) -> Result<u64, Failure> {
    let engine = app.part::<Engine>()?;
    let mut known = engine.known().await;
    let (send, mut receive) = tokio::sync::mpsc::channel::<Result<ProductDocument, SearchError>>(64);
    let reading = async move {
        let today = business_date(app.clock.now());
        let mut after = None;
        loop {
            let page = catalogue::listings_after(app.reader(), after, PAGE, today).await.map_err(Failure::from);
            let page = match page {
                Ok(page) => page,
                Err(failure) => {
                    // When nobody listens any more, the engine has failed and says so itself.
                    let _engine_failed = send.send(Err(source_failed(&failure))).await;
                    return;
                }
            };
            let Some(last) = page.iter().map(|listing| listing.id).max() else { return };
            after = Some(last);
            for listing in page {
                if send.send(Ok(document(listing))).await.is_err() {
                    return;
                }
            }
        }
    };
    let writing = engine.block(move |engine| engine.rebuild(&mut std::iter::from_fn(|| receive.blocking_recv())));
    let ((), count) = tokio::join!(reading, writing);
    known.clear();
    Ok(count?)
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
