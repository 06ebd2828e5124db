//! Open data (开放数据): every procurement in the open contracting standard (OCDS 1.1.5), a public register, public figures.
//!
//! What it is for: whoever wants to check what was bought with public money, from whom, and what reached households, can
//! have all of it in the field's own standard, and go on from where they were.
//! Promises: a *release* (发布) is made after each event of an order and after each seal that covers it, and is never
//! changed; it says what changed since the one before, so that merging all releases of a process after the standard's
//! rules ([`merge`]) gives what is known now; numbers of releases become visible in their order, so a reader of
//! `/open-data/changes` never misses one that was committed late. Amounts are exact, never floats ([`json`]).
//! Households and persons are never parties; nothing about one is read, and small numbers of households are withheld.
//! What the standard has no word for is declared in an extension that the house serves itself.
//! Does not know how anything comes about: it reads what other rooms keep.

mod api;
mod error;
pub mod facts;
mod jobs;
pub mod json;
pub mod merge;
pub mod method;
mod package;
pub mod picture;
mod register;
mod service;
mod store;
pub mod tags;
pub mod view;

pub use api::routes;
pub use error::OpenDataError;
pub use jobs::{EVERY_MINUTE, RELEASE};
pub use service::{follow_orders, follow_seals};
