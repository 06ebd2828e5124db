//! What the server answers: a page of hits with what they count, and what is suggested.

use std::collections::BTreeMap;

use entity::value::id::ProductId;
use meilisearch_sdk::{
    indexes::Index,
    search::{MatchingStrategies, SearchQuery, SearchResults, Selectors},
};
use serde::Deserialize;

use super::{
    Meilisearch,
    asking::{self, Attempt},
    documents::{DEEPEST, LABELS, PART, attribute},
    server::away,
};
use crate::search::{
    cursor::{Cursor, Place},
    engine::{Counted, Dimension, Facets, Hits, MAX_LIMIT, Query, SearchError, Sort, Suggestion, SuggestionKind},
    typed,
};

/// What is read of a hit.
#[derive(Debug, Deserialize)]
pub(super) struct Hit {
    id: String,
    fen_per_kilogram: i64,
    sold_packs: i64,
    households: i64,
}

impl Meilisearch {
    pub(super) fn attempt(
        &self,
        query: &Query,
        step: usize,
        attempt: &Attempt,
        from: Option<&Place>,
    ) -> Result<Hits, SearchError> {
        let limit = query.limit.clamp(1, MAX_LIMIT);
        let offset = if let Some(Place::Offset(offset)) = from { *offset } else { 0 };
        let index = self.index(&self.name);
        // The page, all of it, and for each dimension that is asked for all without its condition.
        let here = asking::filter(query, None, from);
        let all = asking::filter(query, None, None);
        let asked: Vec<(Dimension, String)> = Dimension::ALL
            .into_iter()
            .filter(|dimension| query.facets && dimension.asked(query).is_some())
            .map(|dimension| (dimension, asking::filter(query, Some(dimension), None)))
            .collect();
        let attributes = Dimension::ALL.map(attribute);
        let own: Vec<[&str; 1]> = asked.iter().map(|(dimension, _)| [attribute(*dimension)]).collect();
        let order = asking::order(query.sort);
        let mut questions = self.client.multi_search();
        let mut page = self.question(&index, attempt);
        page.with_filter(&here).with_sort(order).with_offset(offset).with_limit(limit + 1);
        questions.with_search_query(page);
        let mut whole = self.question(&index, attempt);
        whole.with_filter(&all).with_limit(0);
        if query.facets {
            whole.with_facets(Selectors::Some(&attributes));
        }
        questions.with_search_query(whole);
        for ((_, filter), own) in asked.iter().zip(&own) {
            let mut without = self.question(&index, attempt);
            without.with_filter(filter).with_limit(0).with_facets(Selectors::Some(own));
            questions.with_search_query(without);
        }
        let mut answers = self.wait(self.patience, questions.execute::<Hit>())?.results.into_iter();
        let (Some(page), Some(whole)) = (answers.next(), answers.next()) else {
            return Err(away("it left a question unanswered"));
        };
        let total = u64::try_from(whole.estimated_total_hits.unwrap_or_default()).unwrap_or_default();
        let facets = query.facets.then(|| {
            let mut facets = counted(&whole, &Dimension::ALL);
            for ((dimension, _), answer) in asked.iter().zip(answers) {
                facets.extend(counted(&answer, &[*dimension]));
            }
            facets
        });
        let (ids, next) = read_page(page, query.sort, step, offset, limit)?;
        Ok(Hits { ids, next, total, nearest: step > 0, facets })
    }

    pub(super) fn question<'a>(
        &self,
        index: &'a Index,
        attempt: &'a Attempt,
    ) -> SearchQuery<'a, meilisearch_sdk::DefaultHttpClient> {
        let mut question = SearchQuery::new(index);
        question.with_query(&attempt.text);
        question.with_matching_strategy(match (attempt.all, attempt.only) {
            (true, _) => MatchingStrategies::ALL,
            // Of characters the rare ones say more; of words the first.
            (false, Some(["grams"])) => MatchingStrategies::FREQUENCY,
            (false, _) => MatchingStrategies::LAST,
        });
        if let Some(only) = attempt.only {
            question.with_attributes_to_search_on(only);
        }
        question
    }
}

/// The page of an answer to which one more hit than `limit` was asked for.
fn read_page(
    page: SearchResults<Hit>,
    sort: Sort,
    step: usize,
    offset: usize,
    limit: usize,
) -> Result<(Vec<ProductId>, Option<String>), SearchError> {
    let more = page.hits.len() > limit && offset + limit < DEEPEST;
    let mut found = Vec::with_capacity(limit);
    for hit in page.hits.into_iter().take(limit) {
        let hit = hit.result;
        let key = match sort {
            Sort::Relevance | Sort::Newest => 0,
            Sort::PricePerKilogram => hit.fen_per_kilogram,
            Sort::Sales => hit.sold_packs.saturating_neg(),
            Sort::Households => hit.households.saturating_neg(),
        };
        let id: ProductId = hit.id.parse().map_err(|_| SearchError::Store("a hit without a product's id".into()))?;
        found.push((key, id));
    }
    let next = found.last().filter(|_| more).map(|(key, id)| {
        let place = match sort {
            Sort::Relevance => Place::Offset(offset + limit),
            order => Place::After(order, *key, *id),
        };
        Cursor { step, place }.to_string()
    });
    Ok((found.into_iter().map(|(_, id)| id).collect(), next))
}

/// The counts of an answer for some dimensions.
fn counted<T>(answer: &SearchResults<T>, dimensions: &[Dimension]) -> Facets {
    let told = answer.facet_distribution.as_ref();
    let of = |dimension: Dimension| {
        let counts = told.and_then(|told| told.get(attribute(dimension))).into_iter().flatten();
        let counts = counts.map(|(value, count)| (value.clone(), u64::try_from(*count).unwrap_or_default()));
        (dimension, Counted::ordered(counts.filter(|(_, count)| *count > 0)))
    };
    dimensions.iter().map(|dimension| of(*dimension)).collect::<BTreeMap<_, _>>()
}

/// Suggestions out of the counts of labels: those of which something begins with what was typed.
pub(super) fn suggestions(answer: &SearchResults<Hit>, typed: &str, limit: usize) -> Vec<Suggestion> {
    use SuggestionKind::{Category, County, Product, Supplier};
    let mut found = Vec::new();
    for (attribute, kind) in LABELS.into_iter().zip([Product, Category, County, Supplier]) {
        let labels = answer.facet_distribution.as_ref().and_then(|told| told.get(attribute));
        for (label, count) in labels.into_iter().flatten() {
            let mut parts = label.split(PART);
            let (Some(code), Some(text)) = (parts.next(), parts.next()) else { continue };
            let begun: Vec<(bool, String)> =
                parts.flat_map(typed::keys).filter(|(_, key)| key.starts_with(typed)).collect();
            if begun.is_empty() {
                continue;
            }
            let products = u64::try_from(*count).unwrap_or_default();
            let (whole, first) = (begun.iter().any(|(_, key)| key == typed), begun.iter().any(|(first, _)| *first));
            let order = typed::order(whole, first, products, text, kind);
            let code = Some(code.to_owned()).filter(|code| !code.is_empty());
            found.push((order, Suggestion { text: text.to_owned(), kind, code, products }));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let mut told: Vec<Suggestion> = Vec::new();
    for (_, suggestion) in found {
        if told.len() < limit && told.iter().all(|earlier| earlier.text != suggestion.text) {
            told.push(suggestion);
        }
    }
    told
}
