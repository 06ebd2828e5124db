//! Budgets (预算): what a unit may spend in a year from a fund source, and what of it is bound or spent.
//!
//! What it is for: a finance officer grants, and changes what was granted with a document: supplements, reductions,
//! transfers, and what is carried into the next year when a year is closed; an order binds (占用); a payment spends; a
//! cancelled, refused or short order gives back. Each of these is a posting of the ledger, and every figure shown is a
//! balance there.
//! Promises: no order binds more than is available, whoever else orders at the same moment; nothing is taken back that
//! is bound or spent; a statement's opening and movements make its closing.
//! Does not know: orders beyond their identifiers, suppliers, payments.

mod api;
mod change;
mod error;
mod service;
mod statement;
mod store;
mod view;

pub use api::routes;
pub use error::{BudgetError, KINDS};
pub use service::{encumber, hold, let_go, release, release_as, require_open, spend, unspend};
pub use store::{Spendable, find_for_unit, spendable};
