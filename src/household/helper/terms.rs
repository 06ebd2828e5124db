//! How many households a cadre may have: pure.

/// A cadre helps so many households at most, unless there is a reason.
pub const MOST_HOUSEHOLDS: usize = 3;

/// Whether a cadre who has so many may be given one more; a reason must be given from the fourth on.
#[must_use]
pub fn may_take(has: usize, reason: Option<&str>) -> bool {
    has < MOST_HOUSEHOLDS || reason.is_some_and(|reason| !reason.trim().is_empty())
}
