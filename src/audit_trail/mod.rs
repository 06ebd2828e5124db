//! Reading the audit (审计留痕): who did what, for whom, when, to which object, and why.
//!
//! Promises: newest first, whole, as it was written; nothing here can change it; taking it away as a file is recorded
//! before the first row leaves.
//! Knows no domain object: it shows what each domain wrote down about its own.

mod api;
mod service;
mod view;

pub use api::routes;
