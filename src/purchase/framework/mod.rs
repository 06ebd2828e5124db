//! Framework agreements (框架协议): prices, quantities and an amount that hold between a buyer and a supplier for a term.
//!
//! The life: a buyer *proposes* (with the signed paper, if there is one), the supplier agrees or declines, the agreement
//! is *active* between its days, and either side *ends* it with a reason. Nothing in it is ever changed: other terms
//! are another agreement.
//! Promises: what is called off never exceeds the packs of a line or the amount of the agreement, however many call off
//! at once; packs that were taken off an order can be called off again; the price of the agreement is the order's price.

pub mod api;
mod service;
pub mod state;
mod store;
mod view;

pub(super) use service::{draw, prices_of, require_active};
