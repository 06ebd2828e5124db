//! How long somebody waits who typed wrong passwords: pure.
//!
//! Failures are counted twice. For a name *from one address*, the fifth within a quarter of an hour costs a second,
//! and each one more doubles that, up to fifteen minutes: whoever guesses elsewhere never delays the owner's own
//! address. For a name *from anywhere*, the hundredth costs a second, up to one minute: guessing from many addresses
//! is slowed too, and whoever was signed in from an address before is not asked to wait there for others.
//! Attempts during a wait are not tried, not counted, and do not lengthen it; so nobody is ever locked out for good.

use chrono::Duration;
use entity::value::Timestamp;

/// Below this, failures are forgotten after a quiet quarter of an hour …
const WINDOW: Duration = Duration::minutes(15);
/// … and afterwards only after a quiet day, or by the right password.
const MEMORY: Duration = Duration::days(1);

/// How patient the house is.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// This failure is the first that costs a delay.
    first: i32,
    /// No delay is longer.
    longest: Duration,
}

/// With one name from one address.
pub const FROM_ONE_ADDRESS: Patience = Patience { first: 5, longest: Duration::minutes(15) };
/// With one name from anywhere.
pub const FROM_ANYWHERE: Patience = Patience { first: 100, longest: Duration::minutes(1) };

impl Patience {
    /// Which failure this is, and until when nothing is tried after it.
    #[must_use]
    pub fn after_failure(self, before: i32, last_failed_at: Timestamp, now: Timestamp) -> (i32, Option<Timestamp>) {
        let memory = if before < self.first { WINDOW } else { MEMORY };
        let failures = if last_failed_at + memory <= now { 1 } else { before.saturating_add(1) };
        let Ok(doublings) = u32::try_from(failures - self.first) else { return (failures, None) };
        let seconds = 1_i64.checked_shl(doublings.min(30)).unwrap_or(i64::MAX);
        (failures, Some(now + Duration::seconds(seconds).min(self.longest)))
    }
}

/// How many seconds are left to wait, rounded up.
#[must_use]
pub fn seconds_left(blocked_until: Option<Timestamp>, now: Timestamp) -> Option<u32> {
    let left = blocked_until? - now;
    let seconds = left.num_seconds() + i64::from(left.subsec_nanos() > 0);
    u32::try_from(seconds).ok().filter(|seconds| *seconds > 0)
}

/// After this instant of their last failure, counts say nothing any more.
#[must_use]
pub fn forgotten_before(now: Timestamp) -> Timestamp {
    now - MEMORY
}
