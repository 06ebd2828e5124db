//! Deliveries (交售): what a household handed over, weighed and priced.
//!
//! Promises: of several deliveries sent at once all are recorded or none, and every row at fault is named; the work
//! for the database does not grow with their number.

mod api;
mod service;
mod store;
mod terms;
pub mod view;

pub use api::routes;
pub use service::{find_deliveries, record};
pub(super) use store::{add_packed, hold_own};
