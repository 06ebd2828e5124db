//! Pairing (村企结对): enterprises paired with villages, and what their purchases contribute.
//!
//! A *programme* (结对帮扶行动) runs from a day to a day; within it a county pairs an *enterprise* with a *village*, with a
//! group of villages, with the whole county or with a group of households of one village.
//! When an enterprise's purchase has become income, it is divided over the villages whose households it reached, in
//! proportion to what accrued to each, to the fen: the parts of all villages add up to the purchase, paired or not
//! ([`count`]). For each village with which the enterprise is paired on that day, its part is a *contribution* (帮扶贡献).
//! Promises: nothing is counted twice. A part is one village's only; it is entered once for an order, whatever is run
//! again; and where two pairings of the same enterprise cover the same households on one day, the older one has them.
//! What enterprises give otherwise is entered and reviewed ([`aid`]); what counts is certified ([`certificate`]); what a
//! village needs is published and taken on ([`need`]); a pairing's history is one list ([`timeline`]).
//! Does not know how income is shared: it hears of it. Its store reads shares and households to tell households apart.

mod aid;
mod api;
mod certificate;
pub mod count;
mod error;
mod jobs;
mod need;
mod service;
mod store;
mod terms;
mod timeline;
pub mod view;

pub use aid::counted_fen;
pub use api::routes;
pub use error::{KINDS, PairingError};
pub use jobs::CONTRIBUTE;
pub use need::event::{NeedClaimed, NeedDelivered, NeedFulfilled, NeedPublished};
pub use need::{state as need_state, suggest};
pub use service::{add_programme, contribute, pair};
pub use timeline::key as timeline_key;
