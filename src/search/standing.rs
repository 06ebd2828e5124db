//! What decides between products that match a text equally well.
//!
//! Promises: whoever is certified stands before whoever is not, whatever else holds; among these what is in season;
//! among these what can be ordered; among these whose supplier delivers better. Pure, and the same for every engine.

use super::engine::ProductDocument;
use entity::value::state::CertificateScheme;

/// Packs that every supplier is credited with, of which nine in ten were accepted: one mishap is no bad record, and
/// one good order no perfect one.
const CREDIT_PACKS: i64 = 100;
const CREDIT_ACCEPTED: i64 = 90;

/// All of the record, in ten-thousandths.
const WHOLE: i64 = 10_000;

/// How well a supplier delivers, in ten-thousandths: what buyers accepted of what they had ordered, over all orders
/// that came to an end, together with the credit everybody has.
#[must_use]
pub fn delivery_record(ordered_packs: i64, accepted_packs: i64) -> u16 {
    let ordered = i128::from(ordered_packs.max(0)) + i128::from(CREDIT_PACKS);
    let accepted = i128::from(accepted_packs.max(0)) + i128::from(CREDIT_ACCEPTED);
    let record = (accepted * i128::from(WHOLE) / ordered).clamp(0, i128::from(WHOLE));
    u16::try_from(record).unwrap_or(u16::MAX)
}

/// Whether a scheme is a certification in the sense of the ranking. A conformity certificate goes with every lot by
/// law, relief-product recognition ended in 2021, and anybody may call anything something else: these are shown and
/// can be asked for, but put nobody first.
#[must_use]
pub const fn is_certified(scheme: CertificateScheme) -> bool {
    matches!(
        scheme,
        CertificateScheme::GreenFood | CertificateScheme::Organic | CertificateScheme::GeographicalIndication
    )
}

/// A product's standing for every month, as it is kept with it: from the highest bit on one for the certificate,
/// twelve for the months, one for the stock, fourteen for the record.
#[must_use]
pub fn packed(product: &ProductDocument) -> u64 {
    let certified = u64::from(product.schemes.iter().any(|scheme| is_certified(*scheme)));
    let months = product.season_months.iter().filter(|month| (1..=12).contains(*month));
    let months = months.fold(0_u64, |mask, month| mask | (1 << (month - 1)));
    let in_stock = u64::from(product.available_packs > 0);
    let record = u64::from(product.delivery_record.min(10_000));
    (certified << 27) | (months << 15) | (in_stock << 14) | record
}

/// The months of a packed standing: bit 0 for January.
#[must_use]
pub const fn months(packed: u64) -> u64 {
    (packed >> 15) & 0xfff
}

/// The standing in one month, the greater the better; without a month nothing is in season.
#[must_use]
pub const fn in_month(packed: u64, month: Option<u8>) -> u64 {
    let in_season = match month {
        Some(month @ 1..=12) => (months(packed) >> (month - 1)) & 1,
        _ => 0,
    };
    let (certified, rest) = (packed >> 27, packed & 0x7fff);
    (certified << 16) | (in_season << 15) | rest
}
