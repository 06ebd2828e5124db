//! Finding products by words, pinyin, place, category and price.
//!
//! Two floors. Below, a [`SearchEngine`] keeps an index: [`Embedded`] in a folder beside the database, [`Meilisearch`]
//! on a server of that name; they know neither the database nor who is asking, and every call of theirs blocks.
//! Above, [`part::Engine`] is what the house holds of it, `index` keeps it up to date, and `api` answers.
//!
//! The embedded index is fed by the worker of its own process: several servers share it when they share the data
//! folder. Servers on several machines share a Meilisearch server instead.
//!
//! The index holds copies, never truth: a document is made again from the database whenever its product changes, and
//! all of them by `liannong search rebuild`. What is found is shown as the database has it at that moment, and when
//! the engine fails, a plain look-up in the database answers and says so.
//!
//! A listener names of a domain only its events. This one also calls the public functions of `catalogue` and
//! `region`, because an event that carried the whole document could arrive late and put an old one over a newer one;
//! an event that says only which product changed can come twice, late or out of order and does no harm.

mod api;
mod cursor;
pub mod embedded;
pub mod engine;
mod facets;
mod facts;
mod index;
pub mod marks;
pub mod meilisearch;
mod part;
pub mod script;
mod service;
pub mod standing;
mod typed;
mod view;
pub mod words;

pub use api::routes;
pub use embedded::Embedded;
pub use engine::{
    Change, Counted, Dimension, Facets, Fixed, Hits, MAX_LIMIT, PriceBand, ProductDocument, Query, SearchEngine,
    SearchError, Sort, Source, Suggestion, SuggestionKind,
};
pub use index::{EVERY_MINUTE, Health, INDEX, REBUILD, health, make_ready, rebuild, rebuild_telling};
pub use meilisearch::Meilisearch;
pub use part::Engine;
