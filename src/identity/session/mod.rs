//! Sessions (会话): from the password to the end, and the tokens in between.
//!
//! A session acts for one organisation in one role. Whoever holds several exchanges the session for another
//! (`POST /sessions/switch`) instead of naming an organisation with each request: so every token names exactly one,
//! no request can mix two, and the audit says for whom everything was done.
//!
//! Promises: a refresh token is 256 random bits, kept only as its hash, and good for one use; when one comes a second
//! time, somebody has a copy, and every session of its family ends. Wrong passwords cost a delay that grows, never a
//! lock: see [`delay`]. What happened at the door is in the audit, without what was typed there.

mod api;
mod delay;
pub(super) mod end;
mod proof;
mod retention;
mod secret;
mod service;
mod store;
mod view;

pub(super) use api::routes;
pub(super) use proof::{Proof, forgive};
pub use retention::RETENTION;
pub(super) use service::open_of_membership;
pub(super) use store::find;
pub(super) use view::OpenSession;
