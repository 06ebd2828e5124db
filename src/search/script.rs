//! Writing made one: traditional characters become simplified, full-width letters narrow, capitals small.
//!
//! Promises: one character stays one character, so that a place in the folded text is the same place in the text as
//! it was written; what is written in simplified characters stays as it is.

use std::{collections::HashMap, sync::LazyLock};

pub(super) const TRADITIONAL: &str = include_str!("traditional.txt");

/// Read qián in these names (乾县, 乾陵, 乾隆, 乾安, 乾坤, 乾州), 乾 is not the traditional form of 干.
const AFTER_QIAN: [char; 6] = ['县', '陵', '隆', '安', '坤', '州'];

static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let pairs = TRADITIONAL.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
    pairs
        .filter_map(|pair| {
            let mut chars = pair.chars();
            Some((chars.next()?, chars.next()?))
        })
        .collect()
});

/// Loads the table.
pub(super) fn warm_up() {
    LazyLock::force(&SIMPLIFIED);
}

fn one(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(c) - 0xfee0).map_or(c, |narrow| narrow.to_ascii_lowercase())
        }
        '\u{3000}' => ' ',
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        _ => {
            let c = SIMPLIFIED.get(&c).copied().unwrap_or(c);
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(only), None) => only,
                _ => c,
            }
        }
    }
}

/// The text folded, character by character.
#[must_use]
pub fn folded(text: &str) -> Vec<char> {
    let mut folded: Vec<char> = text.chars().map(one).collect();
    for (at, written) in text.chars().enumerate().filter(|(_, c)| *c == '乾') {
        if folded.get(at + 1).is_some_and(|next| AFTER_QIAN.contains(next)) {
            folded[at] = written;
        }
    }
    folded
}

/// The text with its traditional characters simplified, and nothing else changed.
#[must_use]
pub fn simplified(text: &str) -> String {
    text.chars()
        .zip(folded(text))
        .map(|(written, folded)| if folded.is_alphabetic() && !folded.is_ascii() { folded } else { written })
        .collect()
}
