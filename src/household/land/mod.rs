//! The land that is registered for a household (承包地), by kind.
//!
//! Promises: nothing is overwritten: what holds on a day is what was entered last of a kind for a day not after it.
//! Does not know what grows on it: that is for the rooms that count harvests.

mod api;
mod pass;
mod service;
mod store;
mod view;

pub(super) use api::routes;
pub use pass::{faults_of_shares, pass_all, pass_shares, require_shares};
pub use service::{Holding, hold_many, holdings, ids_by_number};
pub(super) use store::insert_many;
pub use view::LandShare;
