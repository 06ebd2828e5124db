//! When a delivery is tried again, and when an endpoint is given up. Pure.

use chrono::Duration;
use entity::value::Timestamp;

/// After how many seconds the second, third … attempt follows the one before: about three days in all.
const AFTER: [i64; 9] = [5, 60, 300, 1_800, 7_200, 18_000, 36_000, 72_000, 86_400];

/// So often a delivery is tried.
pub const ATTEMPTS: i32 = 10;

/// An endpoint that nothing has reached for so long is switched off.
pub const GIVEN_UP_AFTER: Duration = Duration::days(5);

/// When the next attempt follows, after so many; none when there have been enough. `spread` is between 0 and 1000 and
/// moves it by up to a tenth either way, so that what failed together does not come back together.
#[must_use]
pub fn next_attempt(attempts: i32, now: Timestamp, spread: i64) -> Option<Timestamp> {
    let index = usize::try_from(attempts.checked_sub(1)?).ok()?;
    let seconds = AFTER.get(index)?;
    let moved = seconds * 1_000 * (900 + spread.clamp(0, 1_000) / 5) / 1_000;
    Some(now + Duration::milliseconds(moved))
}

/// Whether an endpoint is given up now.
#[must_use]
pub fn is_given_up(failing_since: Option<Timestamp>, now: Timestamp) -> bool {
    failing_since.is_some_and(|since| now - since >= GIVEN_UP_AFTER)
}
