//! Freight (运费): what carrying goods to a place costs, by region and weight.
//!
//! Promises: a template once made is never changed, so what was quoted can be found again; goods of one template travel
//! together and are weighed together; a region that no rate covers is refused, not guessed.
//! Knows no order: whoever orders brings products, packs and the place.

pub mod api;
pub mod error;
pub mod rate;
pub mod service;
mod store;
pub mod terms;
pub mod view;

pub use error::{FreightError, KINDS};
pub use service::{Carriage, Load, carriages, freight_of};
pub(in crate::catalogue) use store::are_own;
pub use terms::SaleTerms;
