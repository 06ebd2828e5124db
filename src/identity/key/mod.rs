//! API keys (接口密钥): how software acts for an organisation, in the role of an integrator.
//!
//! A key is made by the administrator, shown once and kept as its hash. It allows the actions it names and no others,
//! of those that the role has and that somebody in such an organisation has too; it ends on its day, when it is
//! revoked, or with the organisation. Each key is a person of its own in the audit, who cannot sign in.
//! Promises: a key that ended opens nothing from that moment on, on every server; its last use is written at most
//! once a minute.

mod api;
mod scopes;
mod service;
mod store;
mod view;

pub(super) use api::routes;
pub use scopes::allowed_in;
pub use service::{PREFIX, actor_of, hash_of};
