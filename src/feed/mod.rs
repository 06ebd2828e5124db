//! The change feed (变更流): every event that concerns an organisation, for software that follows it and must neither miss
//! nor double one; and the catalogue of all kinds of events (事件目录), with the form of each.
//!
//! Promises: entries stand in the order in which they were published, which is the order of commits: a position is
//! taken under a lock that is held until the commit, so a reader that has seen a position has seen all before it, also
//! of transactions that committed late. No clock decides an order. An event is published once for each organisation,
//! however often it is heard; an organisation sees of an event what concerns it and no other's part.
//! A listener: it hears every event, nobody calls it. Looks up whose products are meant and who stands above a buyer.

mod api;
pub mod catalogue;
mod cursor;
mod event;
mod schema;
mod service;
mod store;
mod view;

pub use api::{Closing, routes};
pub use catalogue::is_told;
pub use catalogue::{Audience, EVENTS, EventType};
pub use event::EndpointDisabled;
pub use schema::{document as catalogue_document, webhooks};
pub use service::{FOLLOWED_BY, FeedError, PUBLISH, Published, TOLD_BY, addressed, body_of, entries, parts_of};
pub use store::RETENTION;
