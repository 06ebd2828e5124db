//! Demands (求购) and quotations (报价): a buyer says what it needs, suppliers answer, sealed until a deadline.
//!
//! The life: *published* to all suppliers or to those invited; after the deadline *opened* by the buyer, or *failed* when
//! too few answered; *awarded* with reasons, which asks for an order at the quoted prices; or *cancelled*.
//! Promises: until the deadline nobody reads a quotation, not the buyer, not another supplier, not whoever looks into
//! the database: its content stands there under a key of the house, padded so that its length says nothing, and the
//! house opens it by its clock only; whoever opens, and whoever tries too early, is in the audit. A quotation may be
//! replaced or withdrawn until the deadline and never after; an opened one never changes. Those of a demand that failed
//! or was called off stay shut for good.
//! Does not know how an award becomes an order: that is a request like any other.

pub mod api;
pub mod event;
mod quote;
mod sealed;
mod service;
pub mod state;
mod store;
mod supplier;
mod view;

pub use sealed::SEALED;
