//! Benefit agreements (利益联结协议): by which a household shares in what a supplier earns.
//!
//! Promises: at any moment a household has at most one agreement of each mode with a supplier; an agreement never
//! begins before its household was registered; what held on a past day can always be told.

mod api;
mod service;
mod store;
mod terms;
pub mod view;

pub use api::routes;
pub use service::{agreements_on, end, find_agreements, roster, roster_of, sign};
