//! From the words of a search to queries of the index, from strict to lenient.
//!
//! Step 0: every word is found: in the name, in other words for it, in category, place, supplier or certificate, in
//! pinyin or initials; the last word may be unfinished. Step 1, when that finds nothing: a Latin word may have one
//! letter wrong, a Chinese word may be written with characters that sound the same, and one character of the whole may
//! be wrong altogether. Later steps leave out the last word, the last two, and so on; then the first, the first two.
//!
//! Boosts are ranks, not measures: a name beats other words for it, these beat category and place, these the supplier.

use std::{collections::BTreeSet, ops::Bound};

use tantivy::{
    Term,
    query::{
        AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur,
        Query as Matching, RangeQuery, TermQuery,
    },
    schema::{Field, IndexRecordOption},
};

use super::{cursor::Place, schema::Fields};
use crate::search::{
    engine::Query,
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

    /// The query of one step, beginning at `from` in an order that is not relevance.
    pub fn query(&self, fields: &Fields, step: usize, from: Option<&Place>) -> BooleanQuery {
        let mut clauses = self.conditions(fields);
        clauses.extend(from.and_then(|place| beyond(fields, place)).map(|query| (Occur::Must, unscored(query))));
        if self.words.is_empty() {
            clauses.push((Occur::Must, Box::new(AllQuery)));
            return BooleanQuery::new(clauses);
        }
        let lenient = step.checked_sub(1).map(|at| self.kept().get(at).copied().unwrap_or(&self.words));
        clauses.push((
            Occur::Must,
            lenient.map_or_else(|| all(fields, &self.words, false), |words| nearly(fields, words)),
        ));
        clauses.extend(self.preferences(fields));
        if step > 0 {
            let sound = words::syllables(&self.bare).concat();
            clauses.push((Occur::Should, prefix(fields.pinyin, &sound, 30.0)));
        }
        BooleanQuery::new(clauses)
    }

    /// What must hold besides the text.
    fn conditions(&self, fields: &Fields) -> Vec<Clause> {
        let Query { category, county, province, supplier, price_from_fen, price_to_fen, in_stock, .. } = self.query;
        let codes = [
            (fields.category, category.as_ref().map(ToString::to_string)),
            (fields.county, county.as_ref().map(ToString::to_string)),
            (fields.province, province.as_ref().map(ToString::to_string)),
            (fields.supplier, supplier.as_ref().map(ToString::to_string)),
        ];
        let codes = codes.into_iter().filter_map(|(field, code)| code.map(|code| term(field, &code)));
        let bound = |fen: &Option<_>| {
            fen.map_or(Bound::Unbounded, |fen| Bound::Included(Term::from_field_i64(fields.unit_price, i64::from(fen))))
        };
        let price = (price_from_fen.is_some() || price_to_fen.is_some())
            .then(|| range(bound(price_from_fen), bound(price_to_fen)));
        let stock =
            in_stock.then(|| range(Bound::Included(Term::from_field_i64(fields.available_packs, 1)), Bound::Unbounded));
        codes.chain(price).chain(stock).map(|query| (Occur::Must, unscored(query))).collect()
    }

    /// What raises a product that was found: the text is its name, spells it, ends it, begins it, or stands in it in
    /// this order.
    fn preferences(&self, fields: &Fields) -> Vec<Clause> {
        let backwards: String = self.bare.chars().rev().collect();
        let mut preferred = vec![
            constant(term(fields.whole_name, &self.bare), 10_000.0),
            constant(term(fields.whole_pinyin, &self.bare), 100.0),
            // What a name ends in is what the thing is: 黎城核桃 is a walnut, 核桃仁 is made of one.
            prefix(fields.name_backwards, &backwards, 20.0),
            prefix(fields.whole_name, &self.bare, 10.0),
        ];
        let pairs = words::grams(&self.bare).into_iter().filter(|gram| gram.chars().count() == 2);
        preferred.extend(pairs.map(|pair| boosted(term(fields.grams, &pair), 0.5)));
        preferred.into_iter().map(|query| (Occur::Should, query)).collect()
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
        (fields.name, 8.0, 4.0),
        (fields.alias, 5.0, 2.5),
        (fields.category_words, 3.0, 1.5),
        (fields.place, 3.0, 1.5),
        (fields.supplier_words, 2.0, 1.0),
        (fields.certificate, 2.0, 1.0),
    ];
    let mut places = Vec::new();
    for (field, whole, unfinished) in fields_of_words {
        places.push(boosted(term(field, lemma), whole));
        if last {
            places.push(prefix(field, lemma, unfinished));
        }
    }
    if word.is_latin() {
        places.extend(as_pinyin(fields, &word.written));
        if lenient && word.written.len() >= TYPO_FROM {
            let fields_of_letters = [fields.name, fields.category_words, fields.supplier_words, fields.pinyin];
            places.extend(fields_of_letters.map(|field| misspelled(field, lemma)));
        }
    } else {
        places.push(boosted(contained(fields.grams, &word.written), 1.0));
        places.push(boosted(contained(fields.place_grams, &word.written), 0.5));
        if lenient {
            places.push(prefix(fields.pinyin, &words::syllables(&word.written).concat(), 0.5));
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
        boosted(term(fields.pinyin, word), 5.0),
        prefix(fields.pinyin, word, 3.0),
        boosted(term(fields.initials, word), 4.0),
        prefix(fields.initials, word, 2.0),
        boosted(term(fields.place_pinyin, word), 3.0),
        prefix(fields.place_pinyin, word, 1.5),
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

/// The best of several, the others only deciding between equals.
fn either(queries: Vec<Box<dyn Matching>>) -> Box<dyn Matching> {
    Box::new(DisjunctionMaxQuery::with_tie_breaker(queries, 0.1))
}

/// What comes after a place; an offset is counted by the collector.
fn beyond(fields: &Fields, place: &Place) -> Option<Box<dyn Matching>> {
    let id = |id: &entity::value::id::ProductId| Bound::Excluded(Term::from_field_text(fields.id, &id.to_string()));
    match place {
        Place::Offset(_) => None,
        Place::After(last) => Some(range(Bound::Unbounded, id(last))),
        Place::Above(price, last) => {
            let at = Term::from_field_i64(fields.fen_per_kilogram, *price);
            let dearer = range(Bound::Excluded(at.clone()), Bound::Unbounded);
            let same = range(Bound::Included(at.clone()), Bound::Included(at));
            let later = Box::new(BooleanQuery::intersection(vec![same, range(id(last), Bound::Unbounded)]));
            Some(Box::new(BooleanQuery::union(vec![dearer, later])))
        }
    }
}
