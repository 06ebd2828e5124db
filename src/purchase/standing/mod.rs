//! Standing orders (定期采购): deliveries that return every so many weeks over a term.
//!
//! The clock makes a *call-off* (要货单) for each delivery, some days before it, and tells the buyer; the buyer confirms it,
//! perhaps with other quantities, or declines; what is confirmed is a request like any other, whose order the supplier
//! confirms. A call-off that nobody confirmed by its day lapses.
//! Promises: one call-off for each delivery, however many servers there are and however late the clock comes; nothing is
//! ordered that nobody confirmed; with a framework agreement its prices hold, otherwise those of the shelf on the day
//! of the confirmation.

pub mod api;
pub mod clock;
pub mod event;
mod service;
mod store;
mod view;
