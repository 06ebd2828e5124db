//! What a code looks like: pure.

use uuid::Uuid;

/// Letters and digits that nobody confuses.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code.
const LENGTH: u32 = 8;

/// The code that an identifier gives: forty of its random bits.
#[must_use]
pub fn of(id: Uuid) -> String {
    let bits = id.as_u128();
    let letter = |place: u32| usize::try_from((bits >> (5 * place)) & 31).ok().and_then(|index| LETTERS.get(index));
    (0..LENGTH).rev().filter_map(letter).map(|letter| char::from(*letter)).collect()
}

/// A code as it is kept, whatever blanks, dashes and small letters it was typed with; nothing for what is none.
#[must_use]
pub fn parse(typed: &str) -> Option<String> {
    let plain: String = typed
        .chars()
        .filter(|character| !character.is_whitespace() && *character != '-')
        .map(|character| match character.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let is_code = plain.chars().count() == 8 && plain.bytes().all(|byte| LETTERS.contains(&byte));
    is_code.then_some(plain)
}

/// A code as people read it.
#[must_use]
pub fn grouped(code: &str) -> String {
    match (code.get(..4), code.get(4..)) {
        (Some(first), Some(second)) => format!("{first}-{second}"),
        _ => code.to_owned(),
    }
}
