//! What is owed (应付账款): which accepted goods are not paid yet, since when they are due, and the late interest on them.
//!
//! The rule is 《保障中小企业款项支付条例》: money is due 30 days after acceptance, by contract at most 60; who pays later owes
//! interest by the day, at the agreed rate, which is not below the one-year LPR, otherwise 0.05 % a day.
//! The rate is agreed on with the contract, so each order bears that which it was confirmed with, whatever the house is
//! told later; what was confirmed before rates were kept bears the statutory one.
//! Promises: every acceptance has a day of its own on which it is due; money and credits settle the oldest first, on the
//! day the bank booked them; interest is exact and rounded once an order; ageing lists add up to what is open.
//! Does not know what to do about it: it is a list for the buyer, whoever stands above it, and the supplier. Orders that
//! are paid first owe nothing.

mod api;
mod error;
pub mod rule;
mod service;
mod view;

pub use api::routes;
pub use error::ArrearsError;
pub use service::of_orders;
pub use view::{Arrear, ArrearPart};
