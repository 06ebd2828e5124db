//! Finding products by words, pinyin, place, category and price.
//!
//! Two floors. Below, [`SearchEngine`] and [`Embedded`] keep an index in a folder beside the database; they know
//! neither the database nor who is asking, and every call of theirs blocks. Above, [`part::Engine`] is what the house
//! holds of it, `index` keeps it up to date, and `api` answers.
//!
//! The index holds copies, never truth: a document is made again from the database whenever its product changes, and
//! all of them by `liannong search rebuild`. What is found is shown as the database has it at that moment, and when
//! the engine fails, a plain look-up in the database answers and says so.
//!
//! A listener names of a domain only its events. This one also calls the public functions of `catalogue` and
//! `region`, because an event that carried the whole document could arrive late and put an old one over a newer one;
//! an event that says only which product changed can come twice, late or out of order and does no harm.

mod api;
pub mod embedded;
pub mod engine;
mod index;
mod part;
mod service;
mod view;
pub mod words;

pub use api::routes;
pub use embedded::Embedded;
pub use engine::{Change, Hits, MAX_LIMIT, ProductDocument, Query, SearchEngine, SearchError, Sort};
pub use index::{INDEX, make_ready, rebuild};
pub use part::Engine;
