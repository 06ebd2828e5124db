//! Price steps: pure.

use entity::value::{Fen, Packs};

/// A price from so many packs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceStep {
    /// From so many packs on.
    pub from: Packs,
    /// A pack costs this.
    pub price: Fen,
}

/// Whether steps rise in packs and fall in price, beginning with at least one pack; the place of the first that does not.
#[must_use]
pub fn fault(steps: &[PriceStep]) -> Option<usize> {
    let is_wrong = |(place, step): (usize, &PriceStep)| {
        let before = place.checked_sub(1).and_then(|before| steps.get(before));
        let rises = before.is_none_or(|before| step.from > before.from && step.price < before.price);
        (step.from.is_zero() || step.price.is_zero() || !rises).then_some(place)
    };
    steps.iter().enumerate().find_map(is_wrong)
}

/// The price that so many packs reach; none below the first step.
#[must_use]
pub fn reached(steps: &[PriceStep], packs: Packs) -> Option<Fen> {
    steps.iter().filter(|step| step.from <= packs).map(|step| step.price).min()
}

/// The highest price it can come to: what is kept of a budget.
#[must_use]
pub fn highest(steps: &[PriceStep]) -> Option<Fen> {
    steps.iter().map(|step| step.price).max()
}
