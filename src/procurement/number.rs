//! The numbers people quote, and the code a buyer writes on a transfer.
//!
//! They derive from the object's identifier, so nothing has to be counted: `D20260302-7K3Q9XAB` for an order,
//! `S20260302-…` for a supplier order (eight characters of Crockford's alphabet, without I, L, O and U), and ten
//! digits for a transfer, of which the last is a Luhn check digit, so that a typing error in a memo is not taken
//! for another order. The first digit is never zero: spreadsheets lose leading zeros.
//! Forty bits a day and nine hundred million codes do collide in the end; whoever stores them draws again.

use chrono::NaiveDate;
use ring::digest;
use uuid::Uuid;

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many digits a transfer code has.
pub const TRANSFER_CODE_DIGITS: usize = 10;

/// The number of an order (`D`) or supplier order (`S`), drawn for the `attempt`-th time.
#[must_use]
pub fn quoted(prefix: char, day: NaiveDate, id: Uuid, attempt: u8) -> String {
    let mut bits = draw("number", id, attempt);
    let mut text = format!("{prefix}{}-", day.format("%Y%m%d"));
    for _ in 0..8 {
        let place = usize::try_from(bits & 31).unwrap_or(0);
        text.push(char::from(CROCKFORD[place]));
        bits >>= 5;
    }
    text
}

/// The transfer code of a supplier order (转账附言码), drawn for the `attempt`-th time.
#[must_use]
pub fn transfer_code(id: Uuid, attempt: u8) -> String {
    let body = (100_000_000 + draw("transfer", id, attempt) % 900_000_000).to_string();
    let check = luhn_digit(&body);
    format!("{body}{check}")
}

/// Whether a text is a transfer code: ten digits with the right check digit.
#[must_use]
pub fn is_transfer_code(text: &str) -> bool {
    let is_digits = text.len() == TRANSFER_CODE_DIGITS && text.bytes().all(|b| b.is_ascii_digit());
    is_digits
        && text
            .split_at_checked(TRANSFER_CODE_DIGITS - 1)
            .is_some_and(|(body, check)| luhn_digit(body).to_string() == check)
}

/// Luhn's check digit over digits: every second one from the right is doubled.
fn luhn_digit(body: &str) -> u32 {
    let digits = body.chars().rev().filter_map(|c| c.to_digit(10));
    let sum: u32 = digits
        .enumerate()
        .map(|(place, digit)| match (place % 2 == 0, digit * 2) {
            (true, doubled @ 10..) => doubled - 9,
            (true, doubled) => doubled,
            (false, _) => digit,
        })
        .sum();
    (10 - sum % 10) % 10
}

/// Sixty-four bits that nobody can tell from the identifier by looking.
fn draw(purpose: &str, id: Uuid, attempt: u8) -> u64 {
    let hash = digest::digest(&digest::SHA256, format!("{purpose}/{id}/{attempt}").as_bytes());
    hash.as_ref().iter().take(8).fold(0, |bits, byte| (bits << 8) | u64::from(*byte))
}
