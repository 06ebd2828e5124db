//! The code printed on a pack.

use chrono::NaiveDate;
use entity::value::LotId;

/// Letters and digits that are not mistaken for each other (Crockford): no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The code of a lot: its day, and thirty random bits of its identifier.
#[must_use]
pub fn of(id: LotId, packed_on: NaiveDate) -> String {
    let bits = id.uuid().as_u128();
    let letters = (0..6).rev().map(|place| {
        let index = usize::try_from((bits >> (5 * place)) & 31).unwrap_or_default();
        char::from(ALPHABET[index])
    });
    format!("L{}-{}", packed_on.format("%Y%m%d"), letters.collect::<String>())
}
