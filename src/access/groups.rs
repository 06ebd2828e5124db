//! Counts of households that are so small that they tell whom they count.
//!
//! Promises: whoever the policy does not let see small groups is never told how many there are below the smallest one;
//! that there are none is told.

use super::policy::SeeSmallGroups;
use super::{Actor, Grant};

/// The smallest group that somebody is told the size of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmallestGroup(u32);

impl SmallestGroup {
    /// For this caller: the configured one, or any for those whom the policy names.
    #[must_use]
    pub fn seen_by(actor: &Actor, configured: u32) -> Self {
        Self(if Grant::<SeeSmallGroups>::claim(actor).is_ok() { 1 } else { configured })
    }

    /// For everybody, as in what is published.
    #[must_use]
    pub fn public(configured: u32) -> Self {
        Self(configured)
    }

    /// The count, when it may be told.
    #[must_use]
    pub fn shown(self, count: i64) -> Option<i64> {
        (count <= 0 || count >= i64::from(self.0)).then_some(count)
    }
}
