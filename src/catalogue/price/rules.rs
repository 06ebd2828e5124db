//! The arithmetic of comparing prices. Pure, and without floats.

use entity::value::FenPerKilogram;

/// Fewer of its like than this say nothing about what is usual.
pub const FEWEST_PEERS: usize = 3;

/// The middle of some prices; of an even number, the mean of the two in the middle, rounded down. Nothing of nothing.
#[must_use]
pub fn median(mut prices: Vec<FenPerKilogram>) -> Option<FenPerKilogram> {
    prices.sort_unstable();
    let upper = *prices.get(prices.len() / 2)?;
    if prices.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *prices.get((prices.len() / 2).checked_sub(1)?)?;
    FenPerKilogram::new((lower.get() + upper.get()) / 2).ok()
}

/// Whether a price is more than so many per cent above another.
#[must_use]
pub fn is_above(price: FenPerKilogram, other: FenPerKilogram, percent: u32) -> bool {
    i128::from(price.get()) * 100 > i128::from(other.get()) * (100 + i128::from(percent))
}

/// Yuan for a jin (500 g), written with at most four decimals, as fen for a kilogram, rounded half up.
#[must_use]
pub fn fen_per_kilogram(yuan_per_jin: &str) -> Option<FenPerKilogram> {
    let (whole, part) = yuan_per_jin.split_once('.').unwrap_or((yuan_per_jin, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || part.len() > 4 || !are_digits(whole) || !are_digits(part) {
        return None;
    }
    // Ten-thousandths of a yuan for a jin, twice that for a kilogram, a hundredth of that in fen.
    let ten_thousandths: i64 = format!("{whole}{part:0<4}").parse().ok()?;
    FenPerKilogram::new((ten_thousandths.checked_mul(2)? + 50) / 100).ok()
}
