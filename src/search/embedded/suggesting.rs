//! Suggestions while somebody types: terms of a field of their own, found by their beginning.
//!
//! A term is what may be typed, then what it leads to. All that may be typed for one thing (its characters, pinyin and
//! initials, from the beginning and from each word on) are terms of their own, so a suggestion costs one walk through
//! the terms that begin with the typed text, and nothing that is not on the shelf is ever suggested.

use std::collections::{HashMap, HashSet};

use tantivy::{
    DocSet, Searcher, SegmentReader, Term,
    schema::{Field, IndexRecordOption},
};

use crate::search::{
    engine::{MAX_SUGGESTIONS, ProductDocument, Suggestion, SuggestionKind},
    typed::{self, Leads},
};

/// Parts of a term; no text has it, since only letters and digits are typed keys and a term is split from the left.
const PART: char = '\u{1}';

/// Every term of a product.
pub fn terms(product: &ProductDocument) -> Vec<String> {
    let mut terms = HashSet::new();
    for Leads { typed, kind, code, text } in typed::leads(product) {
        terms.extend(typed.iter().flat_map(|typed| typed::keys(typed)).map(|(first, key)| {
            let (first, kind) = (if first { '0' } else { '1' }, letter(kind));
            format!("{key}{PART}{first}{kind}{PART}{code}{PART}{text}")
        }));
    }
    terms.into_iter().collect()
}

const fn letter(kind: SuggestionKind) -> char {
    match kind {
        SuggestionKind::Category => 'k',
        SuggestionKind::County => 'c',
        SuggestionKind::Product => 'p',
        SuggestionKind::Supplier => 's',
    }
}

fn kind(letter: char) -> Option<SuggestionKind> {
    use SuggestionKind::{Category, County, Product, Supplier};
    [Category, County, Product, Supplier].into_iter().find(|kind| self::letter(*kind) == letter)
}

/// A term taken apart.
struct Parts<'a> {
    key: &'a str,
    first: bool,
    kind: SuggestionKind,
    code: &'a str,
    text: &'a str,
}

fn parts(term: &str) -> Option<Parts<'_>> {
    let mut parts = term.splitn(4, PART);
    let key = parts.next()?;
    let mut about = parts.next()?.chars();
    let (first, kind) = (about.next()? == '0', kind(about.next()?)?);
    Some(Parts { key, first, kind, code: parts.next()?, text: parts.next()? })
}

/// What may be meant, before it is ordered.
struct Candidate {
    whole: bool,
    first: bool,
    products: u64,
    /// A term of each segment that leads to it.
    terms: HashMap<usize, String>,
}

/// Suggestions for a text: as it was typed; else as it sounds; else as it would be a character or two earlier.
pub fn suggest(searcher: &Searcher, field: Field, text: &str, limit: usize) -> tantivy::Result<Vec<Suggestion>> {
    let limit = limit.clamp(1, MAX_SUGGESTIONS);
    for attempt in typed::attempts(text) {
        let found = beginning_with(searcher, field, &attempt, limit)?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

fn beginning_with(searcher: &Searcher, field: Field, typed: &str, limit: usize) -> tantivy::Result<Vec<Suggestion>> {
    let mut candidates: HashMap<(SuggestionKind, String, String), Candidate> = HashMap::new();
    let end = format!("{typed}{}", char::MAX);
    for (at, segment) in searcher.segment_readers().iter().enumerate() {
        let inverted = segment.inverted_index(field)?;
        let mut stream = inverted.terms().range().ge(typed).lt(&end).into_stream()?;
        while let Some((term, info)) = stream.next() {
            let Some((term, Parts { key, first, kind, code, text })) =
                std::str::from_utf8(term).ok().and_then(|term| Some((term, parts(term)?)))
            else {
                continue;
            };
            let candidate = candidates.entry((kind, code.to_owned(), text.to_owned())).or_insert_with(|| Candidate {
                whole: false,
                first: false,
                products: 0,
                terms: HashMap::new(),
            });
            candidate.whole |= key == typed;
            candidate.first |= first;
            if !candidate.terms.contains_key(&at) {
                candidate.products += u64::from(info.doc_freq);
                candidate.terms.insert(at, term.to_owned());
            }
        }
    }
    let mut candidates: Vec<_> = candidates.into_iter().collect();
    candidates.sort_by_cached_key(|((kind, _, text), candidate)| {
        typed::order(candidate.whole, candidate.first, candidate.products, text, *kind)
    });
    let (mut told, mut seen) = (Vec::new(), HashSet::new());
    for ((kind, code, text), candidate) in candidates {
        if told.len() == limit {
            break;
        }
        if seen.contains(&text) {
            continue;
        }
        let products = alive(searcher, field, &candidate)?;
        if products > 0 {
            seen.insert(text.clone());
            told.push(Suggestion { text, kind, code: Some(code).filter(|code| !code.is_empty()), products });
        }
    }
    Ok(told)
}

/// How many products a candidate leads to that are still there.
fn alive(searcher: &Searcher, field: Field, candidate: &Candidate) -> tantivy::Result<u64> {
    if !searcher.segment_readers().iter().any(SegmentReader::has_deletes) {
        return Ok(candidate.products);
    }
    let mut alive = 0;
    for (at, term) in &candidate.terms {
        let Some(segment) = searcher.segment_readers().get(*at) else { continue };
        let term = Term::from_field_text(field, term);
        let postings = segment.inverted_index(field)?.read_postings(&term, IndexRecordOption::Basic)?;
        let Some(mut postings) = postings else { continue };
        let mut doc = postings.doc();
        while doc != tantivy::TERMINATED {
            alive += u64::from(!segment.is_deleted(doc));
            doc = postings.advance();
        }
    }
    Ok(alive)
}
