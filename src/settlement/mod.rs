//! Settlement (结算): accepted and paid becomes income, and income reaches households.
//!
//! Three amounts, never mixed: *promised* (应得) is the share of what a buyer accepted, *accrued* (计提) the share
//! of what is accepted and paid, *paid* (发放) what a household was handed with evidence. Only paid is income.
//! Promises: after each acceptance, payment and refund the shares of an order are those of the whole so far, and what
//! they changed by is booked once, whatever is run again; shares come from the agreements and statuses of the day of
//! acceptance and from the lots that were really shipped and kept; a payout never exceeds what accrued, pays the oldest
//! orders first, and has its evidence; what a household was handed is never taken back: where a refund reaches it, the
//! supplier bears it; a statement adds up at every level.
//! It owns payouts and the act of settling, no order, no account and no share; who asks for a payout and who lets it go
//! is the business of batches. Its store reads the journal joined to the register of agreements, because one grouped
//! question is what keeps a statement constant in statements.

mod api;
mod error;
mod event;
mod fifo;
mod governed;
mod jobs;
mod payouts;
mod roster;
mod service;
pub mod statement;
mod store;
mod together;
pub mod view;

pub use api::routes;
pub use error::{KINDS, SettlementError};
pub use event::{IncomeBooked, VillageIncome};
pub use fifo::{Exceeds, Open, take};
pub use jobs::{PROMISE, SETTLE};
pub use payouts::{
    InBatch, PAYOUT, PAYOUT_CORRECTION, Prepared, enter, hold_open, owed_by, payouts_after, payouts_by_reference,
    prepare, require_owed,
};
pub use service::{promise, settle};
