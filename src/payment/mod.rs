//! Payment (付款): invoices, and the bank statements by which money is known to have arrived.
//!
//! Promises: invoices add up to at most what was accepted and not credited, are from the seller who sold it, and no
//! number is used twice; a statement is read whole or not at all, and once; a row pays orders only if its memo carries
//! their transfer codes (转账附言码) and its payer is their buyer or declared by it, each at most what is open; too little leaves the rest open, too much is owed back.
//! What does not match stays listed with the reason and with what it may be for, until the invoice it waits for comes
//! or somebody assigns it. The platform holds no money and charges nothing: it only records what banks report.
//! Does not know households: what a payment means for them is decided by `settlement`, which hears of it.

mod api;
mod camt;
mod error;
mod gateway;
mod invoice;
mod jobs;
mod look;
mod matching;
mod payers;
mod refunds;
mod service;
mod statement;
mod store;
mod view;

pub use api::routes;
pub use error::{KINDS, PaymentError};
pub use gateway::{BankTransfer, Gateway, Instruction, PaidThrough};
pub use jobs::REMATCH;
pub use service::{import, record_invoice};
pub use statement::{Parsed, parse};
pub use store::booked_of;
pub use view::{BankRow, BankStatement, BankStatementWithRows, Invoice, RecordInvoice, SEALED};
