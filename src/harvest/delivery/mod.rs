//! Deliveries (交售): what a household handed over, weighed and priced.
//!
//! Promises: of several deliveries sent at once all are recorded or none, and every row at fault is named; the work
//! for the database does not grow with their number. What was recorded is never edited: a correction takes it back and
//! records another in its place.

mod api;
mod correct;
mod receipt;
mod service;
mod store;
mod terms;
pub mod view;

pub use api::routes;
pub(super) use service::show;
pub use service::{Judged, export_after, find_deliveries, find_delivery_by_note, judge_many, record, record_judged};
pub(super) use store::{add_packed, hold_own, hold_visible, touch};
