//! Help that carries no money (帮扶记录): training, seed, guidance.
//!
//! Promises: help can carry no income. Its kinds are [`HelpKind`](entity::value::HelpKind) and no
//! [`BenefitMode`](entity::value::BenefitMode), so no plan has a pool for it; its identifiers are
//! [`HelpRecordId`](entity::value::HelpRecordId)s, and a household's accounts are opened by
//! [`AgreementId`](entity::value::AgreementId)s alone, so no entry can be about it; its table has no column for an
//! amount. Records are never changed.

mod api;
mod error;
mod service;
mod store;
pub mod view;

pub use api::routes;
pub use error::HelpError;
