//! Recorded computations of shares (收益测算): what was shared, from which inputs, with whom.
//!
//! Promises: the runs of an order and a basis are numbered and never changed, each counts all that came before it; the
//! inputs are kept as canonical text with their hash, so that anyone can compute the shares again. Does not compute: the engine did.

mod api;
mod service;
mod store;
pub mod view;

pub use api::routes;
pub use service::{RunToRecord, computed_of, find_run, record_run, shares_of};
