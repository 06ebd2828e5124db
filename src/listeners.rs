//! Switchboard: every kind of background work, with it which topics it hears, and what runs when.

use crate::jobs::{JobKind, Scheduled};
use crate::{notice, pairing, payment, quota, seal, search, settlement};

/// Every kind of background work.
pub static JOBS: &[JobKind] = &[
    payment::REMATCH,
    settlement::PROMISE,
    settlement::SETTLE,
    quota::FOLLOW,
    pairing::CONTRIBUTE,
    search::INDEX,
    notice::MAIL,
];

/// What returns with the clock.
pub static CLOCK: &[Scheduled] = &[seal::EVERY_MINUTE, seal::EVERY_DAY];
