//! Payouts in batches (批量发放): put together by one person of a cooperative, approved by another, sent to the bank or
//! handed out in cash, and income only when the bank or two signatures say that the household has it.
//! What households had before anybody wrote it down (补录) is a batch too: recorded with its evidence by one person, and
//! booked when another approves it. There is no payout that one person made alone.
//!
//! Promises: a batch pays no more than is owed, the oldest orders first, and what is in it cannot be paid out a second
//! time; nobody approves what they drafted themselves; while the money is on its way it stands on an account of its own
//! and is still owed to the household; what the bank returns goes back to the cooperative and is owed as before; the
//! same result file twice changes nothing.
//! Cash needs two signatures by two people: the cooperative's cashier, with the receipt that the household signed, and
//! a witness from the household's village.
//! The words: a *batch* has *lines*, one a household's agreement; a line pays *parts* of orders.
//! Owns batches, their lines and the results. Payouts themselves are settlement's. Knows no account by number: the
//! register of households gives them for a bank's file, and the audit keeps that it did.

mod api;
mod arrears;
mod cash;
mod error;
mod format;
mod record;
mod send;
mod service;
mod state;
mod store;
pub mod view;

pub use api::routes;
pub use arrears::{Late, late_by_supplier};
pub use error::{KINDS, PayoutError};
pub use format::{BankFormat, Encoding, Formats, ResultRow, Unit};
pub use record::let_go;
pub use state::{Step, next};
