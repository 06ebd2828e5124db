//! Forgotten passwords, and new ones.
//!
//! Promises: whoever asks for a new password learns nothing about the name they typed, neither from the answer nor
//! from how long it takes; the token of the mail is good once, for half an hour; a name is sent mail at most every
//! five minutes. A new password ends every session, but for the one in which it was changed.

mod api;
mod service;
pub(super) mod store;
mod view;

pub(super) use api::routes;
