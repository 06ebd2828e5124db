//! Benefit agreements (利益联结协议): by which a household shares in what a supplier earns.
//!
//! Promises: at any moment a household has at most one agreement of each mode, with the same member, about the same
//! subject, with a supplier; an agreement never begins before its household was registered; its terms are versions,
//! signed by both and confirmed by the county, none of which is changed later; what held on a past day can always be
//! told.

mod api;
mod roster;
mod service;
mod store;
mod terms;
mod versions;
pub mod view;

pub use api::routes;
pub(super) use roster::terms_on;
pub use roster::{roster, roster_of};
pub use service::{agreements_on, agreements_with, end, find_agreements, sign};
pub(super) use service::{find_in_scope, hold_many};
pub use versions::{amend, confirm};
