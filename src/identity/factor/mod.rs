//! The second factor (动态口令): a code of six digits that changes every half minute (TOTP, RFC 6238), beside the
//! password.
//!
//! Whoever wants one sets it up with name and password, shows the secret to an authenticator, and confirms with a
//! code; from then on signing in asks for one. In production, operators and finance officers cannot sign in without.
//! It is set up without a session, because whoever needs one has none yet.
//! Promises: the secret is encrypted in its column and shown once; a code is good once, also while it lasts; ten
//! recovery codes are shown once and kept as hashes, each good once; a wrong code counts like a wrong password.

mod api;
mod service;
mod store;
pub mod totp;
mod view;

pub(super) use api::routes;
pub use service::SEALED;
pub(super) use service::{Demand, Seen, refuse_without, see};
