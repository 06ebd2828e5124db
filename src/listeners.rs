//! Switchboard: every kind of background work, and with it which topics it hears.

use crate::jobs::JobKind;

/// Every kind of background work.
pub static JOBS: &[JobKind] = &[];
