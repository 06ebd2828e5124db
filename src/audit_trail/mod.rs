//! Reading the audit (审计留痕): who did what, for whom, when, to which object, and why.
//!
//! Promises: newest first, whole, as it was written; nothing here can change it.
//! Knows no domain object: it shows what each domain wrote down about its own.

mod api;
mod view;

pub use api::routes;
