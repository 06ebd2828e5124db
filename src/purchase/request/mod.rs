//! Requests (采购申请): what a buyer asks to order, who agreed, and the order it became.
//!
//! The life: *waiting* for one step after the other; *returned* with a reason, and asked for again as the next round;
//! *placed* with the last step, in the same transaction; *withdrawn* by whoever asked; *expired*. Every act is written
//! down and never changed; the whole history stands at the request and at its order.
//! Promises: a request becomes one order or none; of two who decide the same step at once one does, the other is told;
//! nobody decides what they asked for, nor two steps of it.

pub mod api;
pub mod clock;
mod decide;
pub mod event;
mod service;
mod store;
mod view;

pub use service::{Wish, ask, came_to_nothing};
pub use view::PurchaseRequest;
