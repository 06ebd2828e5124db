//! Ceilings (亩产上限): what a square metre can yield in a year at the most, by category and region, with its source;
//! and the flag on a delivery that is more than the household's registered land can have yielded.
//!
//! Promises: the ceiling that applies is the one of the nearest category and the nearest region; what a household
//! brought to anybody counts; a flagged delivery is packed only once its county has accepted it.
//! Knows what is delivered as rows; nothing of lots.

mod api;
mod rule;
mod service;
mod store;
pub mod view;

pub use api::routes;
pub use rule::{applying, judge};
pub(super) use service::{Ceilings, flags_of, unpackable};
