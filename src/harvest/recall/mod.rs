//! Recalls (召回): a lot is called back, and with it everything that was made of it.
//!
//! Promises: from that moment none of them is shipped, split, merged or processed; what was shipped before can be
//! followed to its orders by the room that knows them.

mod api;
mod service;
mod store;
pub mod view;

pub use api::routes;
pub use service::{LotRecalled, recalls_of};
pub use view::Recall;
