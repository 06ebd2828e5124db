//! A query in Meilisearch's words: text, filter, order.

use std::fmt::Write;

use super::documents::{attribute, numbers_of, spaced};
use crate::search::{
    cursor::Place,
    engine::{Dimension, Query, Sort},
    words,
};

/// One way to look for a text, from strict to lenient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// What is looked for.
    pub text: String,
    /// Where, when not everywhere but in [`super::documents::SEARCHED`]'s characters.
    pub only: Option<&'static [&'static str]>,
    /// Whether every word has to be found.
    pub all: bool,
}

const CHARACTERS: &[&str] = &["grams"];
const SPELLED: &[&str] = &["whole_pinyin", "pinyin"];
const WORDS: &[&str] = &[
    "county_names",
    "name",
    "aliases",
    "called",
    "categories",
    "area_names",
    "supplier_name",
    "certificates",
    "whole_pinyin",
    "pinyin",
    "initials",
    "called_pinyin",
    "place_pinyin",
];

/// The attempts for a text: as it is; as it sounds; with some of its characters; with fewer of its words.
pub fn attempts(query: &Query) -> Vec<Attempt> {
    let text = query.text.as_deref().map(words::plain).unwrap_or_default();
    if text.is_empty() {
        return vec![Attempt { text, only: None, all: true }];
    }
    let han = text.chars().filter(|c| words::is_han(*c)).count();
    let mut attempts = vec![Attempt { text: text.clone(), only: Some(WORDS), all: true }];
    // A single character is written whole inside names that are cut otherwise.
    if han == 1 {
        attempts.push(Attempt { text: spaced(&text), only: Some(CHARACTERS), all: true });
    }
    if han > 1 {
        attempts.push(Attempt { text: words::syllables(&text).concat(), only: Some(SPELLED), all: true });
    }
    if han > 2 {
        attempts.push(Attempt { text: spaced(&text), only: Some(CHARACTERS), all: false });
    }
    attempts.push(Attempt { text, only: Some(WORDS), all: false });
    attempts
}

/// The filter of a query without the condition of one dimension, and beginning after a place.
pub fn filter(query: &Query, without: Option<Dimension>, from: Option<&Place>) -> String {
    let mut parts = Vec::new();
    for dimension in Dimension::ALL.into_iter().filter(|dimension| Some(*dimension) != without) {
        if let Some(value) = dimension.asked(query) {
            parts.push(format!("{} = {}", attribute(dimension), quoted(&value)));
        }
    }
    if let Some(from) = query.price_from_fen {
        parts.push(format!("unit_price >= {}", i64::from(from)));
    }
    if let Some(to) = query.price_to_fen {
        parts.push(format!("unit_price <= {}", i64::from(to)));
    }
    if query.in_stock {
        parts.push("available_packs > 0".to_owned());
    }
    if let Some(Place::After(order, key, id)) = from {
        let (millis, random) = numbers_of(*id);
        let older = format!("(id_millis < {millis} OR (id_millis = {millis} AND id_random < {random}))");
        parts.push(match order {
            Sort::PricePerKilogram => format!("(fen_per_kilogram > {key} OR (fen_per_kilogram = {key} AND {older}))"),
            Sort::Sales => least(key, "sold_packs", &older),
            Sort::Households => least(key, "households", &older),
            Sort::Newest | Sort::Relevance => older,
        });
    }
    parts.join(" AND ")
}

/// In a descending order, whose keys are kept negative.
fn least(key: &i64, attribute: &str, older: &str) -> String {
    let value = key.saturating_neg();
    format!("({attribute} < {value} OR ({attribute} = {value} AND {older}))")
}

/// The order asked for; by relevance the ranking rules alone decide.
pub const fn order(sort: Sort) -> &'static [&'static str] {
    match sort {
        Sort::Relevance => &[],
        Sort::Newest => &["id_millis:desc", "id_random:desc"],
        Sort::PricePerKilogram => &["fen_per_kilogram:asc", "id_millis:desc", "id_random:desc"],
        Sort::Sales => &["sold_packs:desc", "id_millis:desc", "id_random:desc"],
        Sort::Households => &["households:desc", "id_millis:desc", "id_random:desc"],
    }
}

/// A value inside a filter.
fn quoted(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 2);
    quoted.push('"');
    for c in value.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        let _always_fits = quoted.write_char(c);
    }
    quoted.push('"');
    quoted
}
