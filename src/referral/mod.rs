//! Referral codes (推荐码): how an order says which enterprise brought it.
//!
//! An enterprise makes codes and puts them, or the links with them, where buyers see them. A buyer who orders by one says
//! so with the code; the order keeps it.
//! Promises: a code is one enterprise's for ever and is taken until it is ended; nobody orders by a code of their own; an
//! order has one code at most, and it is never changed afterwards.
//! Does not know what an order that was brought counts for.

mod api;
pub mod code;
mod error;
mod service;
mod store;
pub mod view;

pub use api::routes;
pub use error::{KINDS, ReferralError};
pub use service::taken;
pub use store::brought_by;
