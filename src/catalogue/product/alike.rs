//! What makes two products of one supplier the same, or alike (重复上架). Pure.
//!
//! Promises: another price, smallest order, spelling of weights, width of characters or packing alone does not make
//! another product; brand, taste, net weight, pieces, category or the name's own words do.

use crate::secrecy::sha256_hex;
use entity::value::{CategoryCode, Grams};
use std::collections::BTreeMap;

/// Two names of the same category are alike from this share of common letter pairs on, in hundredths.
const ALIKE_HUNDREDTHS: usize = 80;

/// What tells products of one supplier apart.
#[derive(Debug, Clone, Copy)]
pub struct Marks<'a> {
    /// Its category.
    pub category: &'a CategoryCode,
    /// Its name.
    pub name: &'a str,
    /// Its brand.
    pub brand: Option<&'a str>,
    /// Its taste or grade.
    pub taste: Option<&'a str>,
    /// What a pack weighs.
    pub pack: Grams,
    /// Pieces in a pack.
    pub pieces: Option<i64>,
}

/// The key that two of the same product share.
#[must_use]
pub fn same_key(marks: &Marks<'_>) -> String {
    let Marks { category, name, brand, taste, pack, pieces } = marks;
    let parts = [
        category.as_str().to_owned(),
        core_name(name),
        normalised(brand.unwrap_or_default()),
        normalised(taste.unwrap_or_default()),
        pack.to_string(),
        pieces.map(|pieces| pieces.to_string()).unwrap_or_default(),
    ];
    sha256_hex(parts.join("\u{1f}").as_bytes())
}

/// The text without case, width of characters, blanks and punctuation.
#[must_use]
pub fn normalised(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            // Full-width forms of ASCII (ａ, １, ！) and the ideographic blank.
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c).saturating_sub(0xFEE0)).unwrap_or(c),
            '\u{3000}' => ' ',
            other => other,
        })
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// The name's own words: normalised, and without weights and counts, which are fields of their own.
#[must_use]
pub fn core_name(name: &str) -> String {
    const UNITS: [&str; 15] =
        ["千克", "公斤", "毫升", "kg", "ml", "克", "斤", "升", "g", "件", "盒", "袋", "箱", "包", "装"];
    let text = normalised(name);
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let digits = rest.chars().take_while(char::is_ascii_digit).count();
        let after = rest.get(digits..).unwrap_or_default();
        if digits > 0
            && let Some(unit) = UNITS.iter().find(|unit| after.starts_with(**unit))
        {
            rest = without_packing(after.get(unit.len()..).unwrap_or_default());
        } else if digits > 0 {
            kept.push_str(rest.get(..digits).unwrap_or_default());
            rest = after;
        } else {
            kept.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    kept
}

/// What stands behind a weight without the word for its packing (装、盒装、／箱), which says nothing of what is in it.
fn without_packing(rest: &str) -> &str {
    const PACKINGS: [&str; 9] = ["盒", "袋", "箱", "包", "瓶", "罐", "桶", "件", "份"];
    let behind = PACKINGS.iter().find_map(|packing| rest.strip_prefix(packing));
    let behind = behind.filter(|behind| behind.is_empty() || behind.starts_with('装')).unwrap_or(rest);
    behind.strip_prefix('装').unwrap_or(behind)
}

/// Whether two names say nearly the same: four fifths of their letter pairs are common.
#[must_use]
pub fn are_alike(one: &str, other: &str) -> bool {
    let (one, other) = (core_name(one), core_name(other));
    if one == other {
        return true;
    }
    let (mut left, right) = (pairs(&one), pairs(&other));
    let (total, mut common) = (left.values().sum::<usize>() + right.values().sum::<usize>(), 0);
    for (pair, count) in right {
        if let Some(there) = left.get_mut(&pair) {
            let both = count.min(*there);
            *there -= both;
            common += both;
        }
    }
    total > 0 && 2 * common * 100 >= ALIKE_HUNDREDTHS * total
}

fn pairs(text: &str) -> BTreeMap<(char, char), usize> {
    let mut found = BTreeMap::new();
    for pair in text.chars().zip(text.chars().skip(1)) {
        *found.entry(pair).or_default() += 1;
    }
    found
}
