//! Budgets (预算): what a unit may spend in a year from a fund source, and what of it is bound or spent.
//!
//! What it is for: a finance officer grants; an order binds (占用); a payment spends; a cancelled, refused or short
//! order gives back. Each of these is a posting of the ledger, and every figure shown is a balance there.
//! Promises: no order binds more than is available, whoever else orders at the same moment.
//! Does not know: orders beyond their identifiers, suppliers, payments.

mod api;
mod error;
mod service;
mod store;
mod view;

pub use api::routes;
pub use error::{BudgetError, KINDS};
pub use service::{encumber, release, release_as, spend, unspend};
pub use store::{Spendable, find_for_unit, spendable};
