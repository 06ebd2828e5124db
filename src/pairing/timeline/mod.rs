//! The timeline of a pairing (结对时间线): everything that happened in it, oldest first, a page at a time.
//!
//! Promises: what is in it is put together from what is kept, nothing is written for it; a later computation of an order
//! stands as what it changed, so that a refund is seen where it happened; each entry stands in it once, on one page.

mod api;
pub mod key;
mod service;
mod store;
pub mod view;

pub(super) use api::routes;
