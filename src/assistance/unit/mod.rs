//! Units that stand by villages (单位包村).
//!
//! Promises: a village's county says which; one that ended stays readable; a unit stands by a village once at a time.

mod api;
mod service;
mod store;
mod view;

pub(super) use api::routes;
