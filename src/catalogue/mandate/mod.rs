//! Mandates (代理授权): an agent trader sells only what a named principal lets it sell, for a time.
//!
//! Promises: what an agent offers is on the shelf only while a confirmed mandate for that product holds; the principal
//! confirms it, or, where the principal has no account here, the platform does on the paper that was handed in.
//! Does not know what else a product needs.

pub mod api;
pub mod error;
pub mod service;
mod store;
pub mod view;

pub use error::{KINDS, MandateError};
pub(in crate::catalogue) use service::lacking;
pub(in crate::catalogue) use store::ended_before;
