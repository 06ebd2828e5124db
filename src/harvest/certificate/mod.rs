//! Conformity certificates of lots (承诺达标合格证).
//!
//! By the ministry's order 2025-4, in force since 1 February 2026, whoever sells edible farm produce promises its
//! quality on a certificate, and whoever mixes or divides what others promised issues one anew. Here a certificate
//! covers what its lot held when it was issued: as soon as something is split off, merged away or processed, it no
//! longer does, and what came out of it has none yet. Which categories need one before a lot may be shipped is said
//! by the platform as data, with the day from which.
//! Does not decide whether a promise is true.

mod api;
mod service;
mod store;
pub mod view;

pub use api::routes;
pub use service::certificates_of;
pub(super) use service::{require, standing_of};
pub use view::{CertificateState, LotCertificate};
