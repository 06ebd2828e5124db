//! Payment (付款): invoices, and the bank statements by which money is known to have arrived.
//!
//! Promises: an invoice is of exactly what was accepted, from the seller who sold it, and its number is used once;
//! a statement is read whole or not at all, and once; a row pays an order only if its memo carries the order's
//! transfer code (转账附言码) and its amount is the accepted amount to the fen. What does not match stays listed with
//! the reason. The platform holds no money and charges nothing: it only records what banks report.
//! Does not know households: what a payment means for them is decided by `settlement`, which hears of it.

mod api;
mod error;
mod invoice;
mod matching;
mod service;
mod statement;
mod store;
mod view;

pub use api::routes;
pub use error::{KINDS, PaymentError};
pub use service::{import, record_invoice};
pub use statement::{Parsed, parse};
pub use view::{BankRow, BankStatement, BankStatementWithRows, Invoice, RecordInvoice};
