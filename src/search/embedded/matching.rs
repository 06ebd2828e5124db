//! From the words of a search to queries of the index, from strict to lenient.
//!
//! Step 0: every word is found: in the name, in other words for it, in brand or grade, in category, place, supplier or
//! certificate, in pinyin or initials; the last word may be unfinished. Step 1, when that finds nothing: a Latin word may have one
//! letter wrong, a Chinese word may be written with characters that sound the same, and one character of the whole may
//! be wrong altogether. Later steps leave out the last word, the last two, and so on; then the first, the first two.
//!
//! Scores are ranks, not measures: a name beats other words for it, these beat the brand, this category and place, these
//! the supplier.
//! In step 0 they are constants whose sums are exact, so products that match alike are equal and the ranking's other
//! reasons decide; only where characters may be wrong it is measured how much is right.

use std::{collections::BTreeSet, ops::Bound};

use tantivy::{
    Term,
    query::{
        AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur,
        Query as Matching, RangeQuery, TermQuery,
    },
    schema::{Field, IndexRecordOption},
};

use super::schema::Fields;
use crate::search::{
    engine::{Dimension, Query},
    words::{self, Word},
};

/// The most characters of a text that are looked at.
const MAX_CHARS: usize = 100;
/// The most words of a text that are looked at.
const MAX_WORDS: usize = 12;
/// From this length on a Latin word may have one letter wrong.
const TYPO_FROM: usize = 5;
/// From this many different characters on one may be wrong, from [`TWO_WRONG_FROM`] on two.
const ONE_WRONG_FROM: usize = 3;
const TWO_WRONG_FROM: usize = 8;

type Clause = (Occur, Box<dyn Matching>);

/// A query with its text cut once for all steps.
pub struct Wanted<'a> {
    query: &'a Query,
    words: Vec<Word>,
    /// The words without anything between, as names are kept whole.
    bare: String,
}

impl<'a> Wanted<'a> {
    /// Cuts the query's text.
    pub fn new(query: &'a Query) -> Self {
        let text: String = query.text.iter().flat_map(|text| text.chars()).take(MAX_CHARS).collect();
        let mut words = words::cut(&text);
        words.truncate(MAX_WORDS);
        Self { query, words, bare: words::bare(&text) }
    }

    /// Whether there is anything to be relevant to.
    pub const fn has_words(&self) -> bool {
        !self.words.is_empty()
    }

    /// The words that each step from the first lenient one on keeps: all, then without the last ones, then without the
    /// first ones. A single character is not what someone meant who wrote more.
    fn kept(&self) -> Vec<&[Word]> {
        let count = self.words.len();
        let without_last = (1..count).rev().map(|end| &self.words[..end]);
        let without_first = (1..count).map(|from| &self.words[from..]);
        let fewer = without_last.chain(without_first).filter(|words| length(words) >= 2);
        std::iter::once(&self.words[..]).chain(fewer).collect()
    }

    /// How many steps there are.
    pub fn steps(&self) -> usize {
        if self.words.is_empty() { 1 } else { 1 + self.kept().len() }
    }

    /// The query of one step. Conditions on dimensions are part of it only `with_dimensions`; whoever counts facets
    /// looks at them himself.
    pub fn query(&self, fields: &Fields, step: usize, with_dimensions: bool) -> BooleanQuery {
        let mut clauses = self.conditions(fields);
        if with_dimensions {
            clauses.extend(self.dimensions(fields));
        }
        if self.words.is_empty() {
            clauses.push((Occur::Must, unscored(Box::new(AllQuery))));
            return BooleanQuery::new(clauses);
        }
        let lenient = step.checked_sub(1).map(|at| self.kept().get(at).copied().unwrap_or(&self.words));
        clauses.push((
            Occur::Must,
            lenient.map_or_else(|| all(fields, &self.words, false), |words| nearly(fields, words)),
        ));
        clauses.extend(self.preferences(fields, step > 0).into_iter().map(|query| (Occur::Should, query)));
        BooleanQuery::new(clauses)
    }

    /// What must hold besides the text and the dimensions.
    fn conditions(&self, fields: &Fields) -> Vec<Clause> {
        let Query { price_from_fen, price_to_fen, in_stock, .. } = self.query;
        let bound = |fen: &Option<_>| {
            fen.map_or(Bound::Unbounded, |fen| Bound::Included(Term::from_field_i64(fields.unit_price, i64::from(fen))))
        };
        let price = (price_from_fen.is_some() || price_to_fen.is_some())
            .then(|| range(bound(price_from_fen), bound(price_to_fen)));
        let stock =
            in_stock.then(|| range(Bound::Included(Term::from_field_i64(fields.available_packs, 1)), Bound::Unbounded));
        price.into_iter().chain(stock).map(|query| (Occur::Must, unscored(query))).collect()
    }

    /// The dimensions' values that are asked for.
    fn dimensions(&self, fields: &Fields) -> Vec<Clause> {
        let asked = Dimension::ALL.into_iter().zip(fields.dimensions);
        let asked = asked.filter_map(|(dimension, field)| Some(term(field, &dimension.asked(self.query)?)));
        asked.map(|query| (Occur::Must, unscored(query))).collect()
    }

    /// What raises a product that was found: the text is its county, is its name, spells it, ends it, begins it, or
    /// stands in it in this order.
    fn preferences(&self, fields: &Fields, lenient: bool) -> Vec<Box<dyn Matching>> {
        let backwards: String = self.bare.chars().rev().collect();
        let mut preferred = vec![
            constant(term(fields.whole_name, &self.bare), 10_000.0),
            constant(term(fields.county_names, &self.bare), 5_000.0),
            constant(term(fields.area_names, &self.bare), 2_500.0),
            constant(term(fields.whole_pinyin, &self.bare), 100.0),
            // What a name ends in is what the thing is: 黎城核桃 is a walnut, 核桃仁 is made of one.
            prefix(fields.name_backwards, &backwards, 20.0),
            prefix(fields.alias_backwards, &backwards, 12.0),
            prefix(fields.whole_name, &self.bare, 10.0),
        ];
        let pairs = words::grams(&self.bare).into_iter().filter(|gram| gram.chars().count() == 2);
        if lenient {
            preferred.extend(pairs.map(|pair| boosted(term(fields.grams, &pair), 0.5)));
            preferred.push(prefix(fields.pinyin, &words::syllables(&self.bare).concat(), 30.0));
        } else if self.words.len() > 1 {
            preferred.extend(pairs.map(|pair| constant(term(fields.grams, &pair), 2.0)));
        }
        preferred
    }
}

/// How many characters words have.
fn length(words: &[Word]) -> usize {
    words.iter().map(|word| word.written.chars().count()).sum()
}

/// Every word is found somewhere; `lenient` lets a word be misspelled.
fn all(fields: &Fields, words: &[Word], lenient: bool) -> Box<dyn Matching> {
    let last = words.len().saturating_sub(1);
    let each = words.iter().enumerate().map(|(at, word)| somewhere(fields, word, at == last, lenient));
    Box::new(BooleanQuery::intersection(each.collect()))
}

/// Every word is found or misspelled, or the Latin ones are and nearly all characters of the others are there.
fn nearly(fields: &Fields, words: &[Word]) -> Box<dyn Matching> {
    let (latin, others): (Vec<&Word>, Vec<&Word>) = words.iter().partition(|word| word.is_latin());
    let written: String = others.iter().map(|word| word.written.as_str()).collect();
    let every = all(fields, words, true);
    let distinct: BTreeSet<char> = written.chars().filter(|c| words::is_han(*c)).collect();
    let wrong = match distinct.len() {
        TWO_WRONG_FROM.. => 2,
        ONE_WRONG_FROM.. => 1,
        _ => return every,
    };
    let characters = distinct.iter().map(|c| {
        let c = c.to_string();
        either(vec![term(fields.grams, &c), boosted(term(fields.place_grams, &c), 0.5)])
    });
    let enough = BooleanQuery::union_with_minimum_required_clauses(characters.collect(), distinct.len() - wrong);
    let mut clauses: Vec<Clause> = vec![(Occur::Must, Box::new(enough))];
    clauses.extend(latin.into_iter().map(|word| (Occur::Must, somewhere(fields, word, true, true))));
    let pairs = words::grams(&written).into_iter().filter(|gram| gram.chars().count() > 1);
    clauses.extend(pairs.map(|pair| (Occur::Should, term(fields.grams, &pair))));
    Box::new(BooleanQuery::union(vec![every, Box::new(BooleanQuery::new(clauses))]))
}

/// One word, wherever it may be.
fn somewhere(fields: &Fields, word: &Word, last: bool, lenient: bool) -> Box<dyn Matching> {
    let lemma = &word.lemma;
    let fields_of_words = [
        (fields.name, 60.0, 30.0),
        (fields.alias, 40.0, 20.0),
        (fields.called, 32.0, 16.0),
        (fields.category_words, 24.0, 12.0),
        (fields.place, 24.0, 12.0),
        (fields.supplier_words, 16.0, 8.0),
        (fields.certificate, 16.0, 8.0),
    ];
    let mut places = Vec::new();
    for (field, whole, unfinished) in fields_of_words {
        places.push(constant(term(field, lemma), whole));
        if last {
            places.push(prefix(field, lemma, unfinished));
        }
    }
    if word.is_latin() {
        places.extend(as_pinyin(fields, &word.written));
        if lenient && word.written.len() >= TYPO_FROM {
            let fields_of_letters =
                [fields.name, fields.called, fields.category_words, fields.supplier_words, fields.pinyin];
            places.extend(fields_of_letters.map(|field| constant(misspelled(field, lemma), 1.0)));
        }
    } else {
        places.push(constant(contained(fields.grams, &word.written), 8.0));
        places.push(constant(contained(fields.place_grams, &word.written), 4.0));
        if lenient {
            let sound = words::syllables(&word.written).concat();
            places.extend([fields.pinyin, fields.called_pinyin].map(|field| prefix(field, &sound, 4.0)));
        }
    }
    either(places)
}

/// A Latin word as pinyin or initials of the name or the place; one letter only as the beginning of a name.
fn as_pinyin(fields: &Fields, word: &str) -> Vec<Box<dyn Matching>> {
    if !word.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Vec::new();
    }
    if word.len() == 1 {
        return vec![prefix(fields.whole_pinyin, word, 0.5)];
    }
    vec![
        constant(term(fields.whole_pinyin, word), 60.0),
        constant(term(fields.pinyin, word), 40.0),
        prefix(fields.pinyin, word, 24.0),
        constant(term(fields.initials, word), 32.0),
        prefix(fields.initials, word, 16.0),
        constant(term(fields.called_pinyin, word), 28.0),
        prefix(fields.called_pinyin, word, 14.0),
        constant(term(fields.place_pinyin, word), 24.0),
        prefix(fields.place_pinyin, word, 12.0),
    ]
}

/// A text stands in a field of grams: all its pairs do, or its only character.
fn contained(field: Field, text: &str) -> Box<dyn Matching> {
    let length = text.chars().count().min(2);
    let grams = words::grams(text).into_iter().filter(|gram| gram.chars().count() == length);
    Box::new(BooleanQuery::intersection(grams.map(|gram| term(field, &gram)).collect()))
}

fn term(field: Field, text: &str) -> Box<dyn Matching> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

/// A range of terms: much cheaper than an automaton, and no term holds the last of all characters.
fn begun(field: Field, text: &str) -> Box<dyn Matching> {
    let end = format!("{text}{}", char::MAX);
    range(Bound::Included(Term::from_field_text(field, text)), Bound::Excluded(Term::from_field_text(field, &end)))
}

fn prefix(field: Field, text: &str, score: f32) -> Box<dyn Matching> {
    constant(begun(field, text), score)
}

fn misspelled(field: Field, text: &str) -> Box<dyn Matching> {
    Box::new(FuzzyTermQuery::new(Term::from_field_text(field, text), 1, true))
}

fn range(from: Bound<Term>, to: Bound<Term>) -> Box<dyn Matching> {
    Box::new(RangeQuery::new(from, to))
}

fn boosted(query: Box<dyn Matching>, boost: f32) -> Box<dyn Matching> {
    Box::new(BoostQuery::new(query, boost))
}

fn constant(query: Box<dyn Matching>, score: f32) -> Box<dyn Matching> {
    Box::new(ConstScoreQuery::new(query, score))
}

fn unscored(query: Box<dyn Matching>) -> Box<dyn Matching> {
    constant(query, 0.0)
}

/// The best of several.
fn either(queries: Vec<Box<dyn Matching>>) -> Box<dyn Matching> {
    Box::new(DisjunctionMaxQuery::new(queries))
}
