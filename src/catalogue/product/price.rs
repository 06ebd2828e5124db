//! The price of a kilogram, by which packs of different size are compared. Pure.

use entity::value::{Fen, FenPerKilogram, Grams, Overflow};

/// The price of a kilogram, rounded half up to the fen.
///
/// # Errors
/// [`Overflow`] for a pack without weight, or a price above [`FenPerKilogram::MAX`].
pub fn per_kilogram(unit_price: Fen, pack: Grams) -> Result<FenPerKilogram, Overflow> {
    let (fen, grams) = (i128::from(unit_price.get()), i128::from(pack.get()));
    // Half up without halves: (2 · fen · 1000 + grams) ÷ (2 · grams).
    let rounded = (2000 * fen + grams).checked_div(2 * grams).ok_or(Overflow)?;
    i64::try_from(rounded).map_err(|_| Overflow).and_then(FenPerKilogram::new)
}
