//! Switchboard: every kind of background work, and with it which topics it hears.

use crate::jobs::JobKind;
use crate::{notice, pairing, search, settlement};

/// Every kind of background work.
pub static JOBS: &[JobKind] =
    &[settlement::PROMISE, settlement::SETTLE, pairing::CONTRIBUTE, search::INDEX, notice::MAIL];
