//! The code a buyer looks a lot up by: sixteen letters nobody can guess and one that finds slips of the pen.
//!
//! Eighty random bits; the check character is that of ISO 7064, hybrid system 33,32: it finds every single wrong
//! letter. Read without regard to case, blanks and hyphens; O is read as 0, I and L as 1.

use crate::secrecy::{SecrecyError, random_bytes};

/// Letters and digits that are not mistaken for each other (Crockford): no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters before the check character.
const BODY: usize = 16;

/// A new code.
///
/// # Errors
/// When the machine gives no randomness.
pub fn generate() -> Result<String, SecrecyError> {
    let bytes = random_bytes()?;
    let body: String = bytes.iter().take(BODY).map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect();
    let check = check_character(&body);
    Ok(format!("{body}{check}"))
}

/// The code somebody typed, as it is kept; nothing when it cannot be one.
#[must_use]
pub fn parse(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|c| !matches!(c, '-' | ' '))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let body = code.get(..BODY)?;
    let is_whole = code.len() == BODY + 1 && code.bytes().all(|byte| ALPHABET.contains(&byte));
    (is_whole && code.ends_with(check_character(body))).then_some(code)
}

/// The code in groups, as it is printed.
#[must_use]
pub fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

fn check_character(body: &str) -> char {
    let product = body.bytes().fold(32, |product, byte| {
        let value = ALPHABET.iter().position(|known| *known == byte).unwrap_or_default();
        let sum = (product + value) % 32;
        (if sum == 0 { 32 } else { sum }) * 2 % 33
    });
    char::from(ALPHABET[(33 - product) % 32])
}
