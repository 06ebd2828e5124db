//! Trace (追溯): what anybody may learn of a pack from the code on it, and what a recall reaches.
//!
//! Promises: only whoever holds the code finds the lot; nobody in it is named, and households are counted only from
//! [`FEWEST`] on; the page runs no script and loads nothing from elsewhere.
//! Owns nothing: it puts together what the rooms below know of a lot.

mod api;
mod page;
mod qr;
mod service;
pub mod view;

pub use api::{routes, trace_page};
pub use qr::{png, svg};
pub use service::FEWEST;
