//! What is due by a record, and how much may be recorded. Pure.

use entity::agreement_terms;
use entity::value::{BenefitMode, Fen, Overflow};

/// What is due for so much under these terms: half days of work, or units returned. Nothing where the terms do not say.
///
/// Half a day is half the daily wage, rounded up to the fen, in the worker's favour.
///
/// # Errors
/// When it is beyond what can be counted.
pub(super) fn due_for(
    mode: BenefitMode,
    terms: &agreement_terms::Model,
    quantity: i64,
) -> Result<Option<Fen>, Overflow> {
    match mode {
        BenefitMode::Wages => {
            let Some(daily) = terms.daily_wage_fen else { return Ok(None) };
            let twice = daily.checked_mul(quantity)?.get();
            Fen::new(twice / 2 + twice % 2).map(Some)
        }
        BenefitMode::CustodialFarming => {
            let Some((brings, fee)) = terms.return_fen_per_unit.zip(terms.fee_fen_per_unit) else { return Ok(None) };
            brings.checked_sub(fee)?.checked_mul(quantity).map(Some)
        }
        BenefitMode::ProducePurchase | BenefitMode::Dividend | BenefitMode::LandRent => Ok(None),
    }
}

/// The most half days that so many people work in so many days.
pub(super) const fn most_half_days(days: i64, people: i64) -> i64 {
    days.saturating_mul(2).saturating_mul(people)
}
