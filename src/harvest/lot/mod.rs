//! Lots (批次): packed produce of known origin.
//!
//! Promises: what is in a lot was taken from its deliveries, gram for gram, and no gram twice; what has left a lot is
//! never more than it holds, which the database itself refuses to break.

mod api;
pub mod code;
mod service;
mod store;
pub mod view;

pub use api::routes;
pub use service::{LotPart, composition, find_lots, hold_lots, pack, put_back};
