//! Steps (拆分、合并、加工): lots that become other lots.
//!
//! Promises: what came out, what fell off and what was lost is what went in; processing yields no more than was
//! declared; a lot is never part of itself, because what comes out is always new; each gram of a new lot belongs to
//! a delivery, and all of them together to what went in.
//! Does not know who gets a lot.

mod api;
mod declared;
mod family;
pub mod mass;
mod service;
mod store;
pub mod view;

pub use api::routes;
pub use family::{descendants, steps_before};
pub use service::{merge, process, split};
