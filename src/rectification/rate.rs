//! Quotients of counted households: pure.

use entity::value::BasisPoints;

/// So many of so many, in ten-thousandths, to the nearest; none of none.
#[must_use]
pub fn rate_bp(part: i64, whole: i64) -> Option<BasisPoints> {
    if whole <= 0 || part < 0 || part > whole {
        return None;
    }
    let twice = i128::from(part) * 20_000 + i128::from(whole);
    let rounded = twice / (2 * i128::from(whole));
    i64::try_from(rounded).ok().and_then(|rate| BasisPoints::new(rate).ok())
}
