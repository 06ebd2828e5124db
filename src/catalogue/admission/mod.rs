//! Admission of suppliers (入驻): an application, its documents, and the three reviews of it.
//!
//! Promises: only an organisation registered in one of the 832 counties is admitted; nothing skips a review; each
//! decision is kept with who made it, for which office, what they wrote and the hashes of the documents they saw.
//! Knows nothing of products: being admitted is one question, [`is_admitted`].

pub mod api;
mod checklist;
mod credential;
pub mod error;
pub mod event;
pub mod service;
mod standing;
pub mod state;
mod store;
pub mod view;

pub(in crate::catalogue) use credential::{admitted_among, food_licences, lapse, licensed_among, unlicensed, warn};
pub use error::{AdmissionError, KINDS};
pub use event::{AdmissionDecided, CredentialEnding};
pub use service::is_admitted;
