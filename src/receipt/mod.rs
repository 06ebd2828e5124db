//! Receipts (收益凭据): what the journal holds of a household, as a small file that proves itself.
//!
//! What it is for: a household, or whoever helps or audits it, keeps the file; anybody can check it later, offline with
//! `liannong verify-receipt` or here, without asking who made it to be honest.
//! Promises: it holds the household's own lines and nothing of another: the other lines of a posting are hashes blinded
//! by salts that stay here; what is unsealed is left out and counted. Checking is verification's own code.
//! Owns no table.

mod api;
pub mod code;
mod error;
mod service;
pub mod view;

pub use api::routes;
pub use error::ReceiptError;
pub use service::for_itself;
