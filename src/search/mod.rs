//! Finding products by words, pinyin, place, category and price.
//!
//! The index holds copies, never truth: a document is made again from the database whenever its product changes, and
//! all of them by `liannong search rebuild`. [`SearchEngine`] is what callers hold; [`Embedded`] keeps the index in
//! a folder beside the database.
//!
//! Every call blocks: an asynchronous caller moves it to a blocking thread.
//!
//! This module knows neither the database nor who is asking; it returns ids in order, and the catalogue shows what
//! the asker may see of them.

pub mod embedded;
pub mod engine;
pub mod words;

pub use embedded::Embedded;
pub use engine::{Change, Hits, MAX_LIMIT, ProductDocument, Query, SearchEngine, SearchError, Sort};
