//! The arithmetic of a rate. Pure.

use entity::value::{AreaCode, Fen, Grams, Overflow};

/// One rate of a template (运费规则).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// The provinces it holds for, by their two digits; none for all that no other rate names.
    pub provinces: Vec<String>,
    /// The weight of the first step (首重).
    pub first_grams: Grams,
    /// What that costs.
    pub first_fen: Fen,
    /// The weight of each further step (续重).
    pub next_grams: Grams,
    /// What each costs.
    pub next_fen: Fen,
    /// From this value of goods on it costs nothing (满额包邮).
    pub free_from_fen: Option<Fen>,
}

impl Rate {
    /// What it costs to carry this weight of goods of this value: the first step, and each further step that was begun.
    ///
    /// # Errors
    /// [`Overflow`] for an amount out of range, or further weight where the rate knows no further step.
    pub fn charge(&self, weight: Grams, goods: Fen) -> Result<Fen, Overflow> {
        if self.free_from_fen.is_some_and(|from| from <= goods) {
            return Ok(Fen::ZERO);
        }
        let beyond = weight.get().saturating_sub(self.first_grams.get());
        if beyond <= 0 {
            return Ok(self.first_fen);
        }
        let step = self.next_grams.get();
        let steps = beyond.checked_add(step - 1).and_then(|sum| sum.checked_div(step)).ok_or(Overflow)?;
        self.first_fen.checked_add(self.next_fen.checked_mul(steps)?)
    }
}

/// The rate for a place: the one that names its province, otherwise the one for everywhere else.
#[must_use]
pub fn rate_for<'a>(rates: &'a [Rate], place: &AreaCode) -> Option<&'a Rate> {
    let province = place.as_str().get(..2).unwrap_or_default();
    let named = rates.iter().find(|rate| rate.provinces.iter().any(|own| own == province));
    named.or_else(|| rates.iter().find(|rate| rate.provinces.is_empty()))
}
