//! Sales outside the platform (平台外销售): recorded with evidence, shared by the same engine, and marked as such wherever
//! they are shown.
//!
//! What it is for: a cooperative that sells to somebody who is not here owes its households their part all the same.
//! Promises: a sale has two papers, what was sold and that it was paid; its produce comes out of lots, so that no kilo is
//! sold twice, here or there; its shares are those of the plan in force and of the day of the sale, computed once and
//! recorded with their inputs; what it brings is owed and paid out like any other income. It counts for no buyer's quota
//! and in no pairing, for nobody here bought it.
//! Pools that wait on the platform for the close of a period are shared at once here.
//! Owns the sales, their lots and their shares.

mod api;
mod error;
mod service;
mod store;
pub mod view;

pub use api::routes;
pub use error::{KINDS, OffPlatformError};
pub use store::numbers_of;
