//! Certificates (帮扶证书) of what an enterprise contributed to the villages of a county, issued by the county's office.
//!
//! Promises: a certificate counts verified rows only, each once and each kind by itself, by a rule that stands on it with
//! its version; what it counts is frozen when it is issued, and so is what it says, so that its file is the same bytes
//! each time; households count once, over all villages, and are not told where they are few; whoever has its code learns
//! whether it holds. One that was wrong is revoked with a reason, by somebody else than who issued it, and goes on
//! saying so.

mod api;
pub mod content;
mod service;
pub(super) mod store;
pub mod view;

pub(super) use api::routes;
