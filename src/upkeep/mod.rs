//! How the house's own work stands (后台任务): each kind of work with its queue and cursor, what returns with the clock
//! with its last turn, and what was given up, which an operator replays or sets aside.
//!
//! Promises: a constant number of statements, whatever waits; whoever replays or sets aside stands in the audit.
//! Knows no work by name: it shows what `listeners` says there is.

mod api;
mod clock;
mod error;
mod view;

pub use api::routes;
pub use clock::EVERY_HOUR;
pub use error::KINDS;
