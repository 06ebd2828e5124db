//! The code printed on a pack.

use chrono::NaiveDate;
use entity::value::LotId;

/// Letters and digits that are not mistaken for each other (Crockford): no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The last letters of an identifier, five bits each.
#[must_use]
pub fn letters<const N: usize>(id: uuid::Uuid) -> String {
    let bits = id.as_u128();
    let letter = |place: usize| {
        let index = usize::try_from((bits >> (5 * place)) & 31).unwrap_or_default();
        char::from(ALPHABET[index])
    };
    (0..N).rev().map(letter).collect()
}

/// The code of a lot: its day, and thirty random bits of its identifier.
#[must_use]
pub fn of(id: LotId, packed_on: NaiveDate) -> String {
    format!("L{}-{}", packed_on.format("%Y%m%d"), letters::<6>(id.uuid()))
}
