//! Households for which something is not done (帮扶缺口): no helper, no plan with a measure, no visit in the year.
//!
//! Only households are listed that are to be helped: those out of poverty and those that are monitored; an ordinary one
//! is not. Promises: a page costs the same however many households there are; nobody finds what they do not see.

mod api;
mod service;
mod store;
mod view;

pub(super) use api::routes;
pub use service::unvisited;
