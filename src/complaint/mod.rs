//! Complaints (投诉): one side of an order says what is wrong; the other answers within days; whoever complained accepts the
//! answer or not; what they do not settle the platform decides, within days.
//!
//! Promises: every step is kept, with who took it and when, and is never changed; an answer that does not come in time
//! takes the complaint to the platform by itself, once; whoever decides belongs to neither side; one open complaint of a
//! kind stands against an order at a time; whoever pays for a unit or supervises it reads what its units have a side in.
//! Does not know money: what a decision means for it is an allowance, a return or a refund of the order itself.

mod api;
mod error;
mod service;
mod state;
mod store;
mod view;

pub use api::routes;
pub use error::{ComplaintError, KINDS};
pub use service::EVERY_HOUR;
pub use state::{Step, next};
