//! Deadlines (到期): every minute, the clocks of orders that ran out are acted on.
//!
//! Promises: a clock acts once, however many servers run: each looks again behind the lock of the order, and what was
//! acted on is kept under a key of its own. What it changes (the order, its stock, its budget, the money that came and
//! the figures of the quota) is one transaction.
//! Does not know which clocks there are and what they do; that is for `procurement`.

mod service;

pub use service::{EVERY_MINUTE, run};
