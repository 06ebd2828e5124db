//! What no text and no day of a request may be, wherever it stands.
//!
//! PostgreSQL keeps no NUL; other control characters break lists and files; blanks without width and marks that
//! turn the direction of writing make a name look like another one. A day far outside a lifetime is a slip of the pen.

use crate::problem::Problem;
use chrono::{Datelike, NaiveDate};
use entity::value::Malformed;
use serde::de::{Deserialize, Deserializer, Error};

/// Whether a text holds a character that cannot be seen and is part of no spelling. Line breaks and tabs are seen;
/// joiners and the marks for a single letter of a right-to-left script are spelling.
pub fn hides(text: &str) -> bool {
    text.chars().any(|c| match c {
        '\n' | '\r' | '\t' => false,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => true,
        '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' => true,
        other => other.is_control(),
    })
}

/// How the digits of an amount stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// As a machine reads them: `-1234567.80`.
    Plain,
    /// As a person reads them: a comma after every three, and the longer minus: `−1,234,567.80`.
    Grouped,
}

/// An amount that may be less than nothing, in yuan with two decimals.
#[must_use]
pub fn yuan(fen: i64, digits: Digits) -> String {
    let (whole, rest) = ((fen.unsigned_abs() / 100).to_string(), fen.unsigned_abs() % 100);
    if digits == Digits::Plain {
        let sign = if fen < 0 { "-" } else { "" };
        return format!("{sign}{whole}.{rest:02}");
    }
    let mut grouped = String::with_capacity(whole.len() + 8);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if fen < 0 { "−" } else { "" };
    format!("{sign}{grouped}.{rest:02}")
}

/// The answer to such a text.
pub(super) fn refusal(pointer: String) -> Problem {
    Problem::invalid(
        pointer,
        "不能含看不见的字符（控制字符、零宽空格、改变书写方向的标记）。",
        "It cannot hold hidden characters: control characters, blanks without width, marks that turn the direction of writing.",
    )
}

/// Reads a day of this century or its neighbours, written as `2026-03-02`.
///
/// # Errors
/// When it is not a day of the calendar, or lies before 1900 or after 2199.
pub fn day<'de, D: Deserializer<'de>>(reader: D) -> Result<NaiveDate, D::Error> {
    const FAULT: Malformed = Malformed {
        zh: "应为 1900 年至 2199 年间实有的日期，写作 2026-03-02",
        en: "a day of the calendar between 1900 and 2199 is expected, written as 2026-03-02",
    };
    let text = String::deserialize(reader)?;
    let parsed = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
    parsed.filter(|day| (1900..=2199).contains(&day.year())).ok_or_else(|| D::Error::custom(FAULT))
}

/// The same for a day that may be absent.
///
/// # Errors
/// As [`day`].
pub fn day_if_any<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<NaiveDate>, D::Error> {
    struct Day(NaiveDate);
    impl<'de> Deserialize<'de> for Day {
        fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
            day(reader).map(Self)
        }
    }
    Ok(Option::<Day>::deserialize(reader)?.map(|day| day.0))
}
