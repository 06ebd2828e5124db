//! Switchboard: every kind of background work, and with it which topics it hears.

use crate::jobs::JobKind;
use crate::search;

/// Every kind of background work.
pub static JOBS: &[JobKind] = &[search::INDEX];
