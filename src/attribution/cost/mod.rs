//! Advanced costs (垫付成本): seed, fertiliser or feed that a supplier handed to a household, repaid from its produce.
//!
//! Promises: costs have evidence and are never changed; of what an order brings a household at most the agreed part
//! repays them; what one order may repay is decided once, with its first computation, and no cost is repaid twice;
//! what is left waits for the next order or is borne by the supplier, as the agreement says.

mod api;
mod service;
mod store;
pub mod view;

pub use api::routes;
pub(super) use service::keep_deductions;
pub use service::{advancing, declare, with_costs};
