//! Visits at a household's home (走访): place and time, photos, what was seen.
//!
//! Promises: whoever visits is assigned to the household or is of its village; a visit is not changed; the same picture
//! shown twice is told, wherever it was shown before.

mod api;
mod service;
mod store;
mod view;

pub(super) use api::routes;
pub use store::last_visits;
pub(super) use store::visited_in;
