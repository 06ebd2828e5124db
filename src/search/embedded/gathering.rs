//! One pass over everything that fits: the best are kept, all are counted.
//!
//! Promises: the order is total, so pages fit together; the counts of a dimension leave its own condition out.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap, HashMap},
    io,
    ops::Bound,
    sync::Arc,
};

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::{ColumnValues, StrColumn},
};

use super::schema::dimension_name;
use crate::search::{
    cursor::Place,
    engine::{Counted, Dimension, Facets, MAX_FACET_VALUES, Query, Sort},
    standing,
};

/// What is left of a measured score, so that a difference of a sixteenth decides nothing: see [`Gather::text_rank`].
const MEASURED_BITS: u32 = 19;

/// What to keep and what to count.
pub struct Gather {
    order: Sort,
    month: Option<u8>,
    /// Whether scores were measured, and small differences mean nothing.
    measured: bool,
    scored: bool,
    keep: usize,
    after: Option<(i64, String)>,
    /// The values asked for, by place of the dimension, when facets are counted.
    counted: Option<Vec<(usize, String)>>,
}

impl Gather {
    /// For one step of a query: so many are kept, beginning after `from`.
    pub fn new(query: &Query, order: Sort, step: usize, has_words: bool, keep: usize, from: Option<&Place>) -> Self {
        let asked = || {
            let asked = Dimension::ALL.iter().enumerate();
            asked.filter_map(|(at, dimension)| Some((at, dimension.asked(query)?))).collect()
        };
        Self {
            order,
            month: query.this_month,
            measured: step > 0,
            scored: has_words && order == Sort::Relevance,
            keep,
            after: match from {
                Some(Place::After(_, key, id)) => Some((*key, id.to_string())),
                Some(Place::Offset(_)) | None => None,
            },
            counted: query.facets.then(asked),
        }
    }

    /// A score as a whole number that grows with it: the bits of a positive float do.
    fn text_rank(&self, score: Score) -> u32 {
        if !self.scored {
            0
        } else if self.measured {
            score.to_bits() >> MEASURED_BITS
        } else {
            score.to_bits()
        }
    }
}

/// What was found in all segments.
#[derive(Default)]
pub struct Gathered {
    /// The key in the order asked for and the id, the first first.
    pub kept: Vec<(i64, String)>,
    /// How many fit.
    pub total: u64,
    /// The counts.
    pub facets: Option<Facets>,
}

/// What was found in one segment.
pub struct Part {
    kept: Vec<(i64, String)>,
    total: u64,
    counters: Vec<Counter>,
}

impl Collector for Gather {
    type Fruit = Gathered;
    type Child = Segment;

    fn for_segment(&self, _: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<Segment> {
        let columns = reader.fast_fields();
        let by = |name: &str| columns.column_first_or_default::<i64>(name);
        let key = match self.order {
            Sort::Relevance => Key::Relevance(columns.column_first_or_default::<u64>("standing")?),
            Sort::Newest => Key::Id,
            Sort::PricePerKilogram => Key::Least(by("fen_per_kilogram")?),
            Sort::Sales => Key::Most(by("sold_packs")?),
            Sort::Households => Key::Most(by("households")?),
        };
        let ids = columns.str("id")?;
        let after = match (&self.after, &ids) {
            (Some((key, id)), Some(ids)) => {
                let beyond = ids.dictionary().term_bounds_to_ord(Bound::Unbounded, Bound::Excluded(id.as_str()))?;
                let end = match beyond.1 {
                    Bound::Excluded(end) => end,
                    Bound::Included(last) => last.saturating_add(1),
                    Bound::Unbounded => u64::MAX,
                };
                Some((*key, end))
            }
            _ => None,
        };
        let facets = self.counted.as_ref().map(|asked| SegmentFacets::new(reader, asked)).transpose()?;
        let gather = Self { after: None, counted: None, ..*self };
        Ok(Segment { gather, key, ids, after, best: BinaryHeap::new(), total: 0, facets })
    }

    fn requires_scoring(&self) -> bool {
        self.scored
    }

    fn merge_fruits(&self, parts: Vec<io::Result<Part>>) -> tantivy::Result<Gathered> {
        let mut whole = Gathered::default();
        let mut counters: BTreeMap<Dimension, Vec<Counter>> = BTreeMap::new();
        for part in parts {
            let part = part?;
            whole.total += part.total;
            whole.kept.extend(part.kept);
            for counter in part.counters {
                counters.entry(counter.dimension).or_default().push(counter);
            }
        }
        whole.kept.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(&a.1)));
        whole.kept.truncate(self.keep);
        if self.counted.is_some() {
            let mut facets = Facets::new();
            for dimension in Dimension::ALL {
                let counted = most_frequent(counters.remove(&dimension).unwrap_or_default())?;
                facets.insert(dimension, Counted::ordered(counted));
            }
            whole.facets = Some(facets);
        }
        Ok(whole)
    }
}

/// The key of a product in an order; the least comes first.
enum Key {
    Relevance(Arc<dyn ColumnValues<u64>>),
    Least(Arc<dyn ColumnValues<i64>>),
    Most(Arc<dyn ColumnValues<i64>>),
    /// The ids alone decide.
    Id,
}

/// The pass over one segment.
pub struct Segment {
    gather: Gather,
    key: Key,
    ids: Option<StrColumn>,
    /// Only what comes after this key, or at it before this ordinal of ids, which are in order.
    after: Option<(i64, u64)>,
    /// The best so far, the last of them on top: by key, and among equals the newest first.
    best: BinaryHeap<(i64, Reverse<u64>)>,
    total: u64,
    facets: Option<SegmentFacets>,
}

impl Segment {
    fn key_of(&self, doc: DocId, score: Score) -> i64 {
        match &self.key {
            Key::Relevance(standing) => {
                let standing = standing::in_month(standing.get_val(doc), self.gather.month);
                let rank = (u64::from(self.gather.text_rank(score)) << 20) | standing;
                i64::try_from(rank).map_or(i64::MIN, |rank| -rank)
            }
            Key::Least(column) => column.get_val(doc),
            Key::Most(column) => column.get_val(doc).saturating_neg(),
            Key::Id => 0,
        }
    }

    fn id_of(&self, doc: DocId) -> u64 {
        self.ids.as_ref().and_then(|ids| ids.ords().first(doc)).unwrap_or_default()
    }
}

impl SegmentCollector for Segment {
    type Fruit = io::Result<Part>;

    fn collect(&mut self, doc: DocId, score: Score) {
        if let Some(facets) = &mut self.facets
            && !facets.count(doc)
        {
            return;
        }
        self.total += 1;
        let key = self.key_of(doc, score);
        let full = self.best.len() >= self.gather.keep;
        if full && self.best.peek().is_some_and(|(worst, _)| *worst < key) {
            return;
        }
        let id = self.id_of(doc);
        if self.after.is_some_and(|(last, end)| key < last || (key == last && id >= end)) {
            return;
        }
        self.best.push((key, Reverse(id)));
        if full {
            self.best.pop();
        }
    }

    fn harvest(self) -> io::Result<Part> {
        let mut kept = Vec::with_capacity(self.best.len());
        if let Some(ids) = &self.ids {
            for (key, Reverse(ord)) in self.best {
                let mut id = String::new();
                ids.ord_to_str(ord, &mut id)?;
                kept.push((key, id));
            }
        }
        let counters = self.facets.map(|facets| facets.counters).unwrap_or_default();
        Ok(Part { kept, total: self.total, counters })
    }
}

/// One dimension in one segment.
struct Counter {
    dimension: Dimension,
    column: Option<StrColumn>,
    counts: Vec<u64>,
}

impl Counter {
    /// The values that were counted so often at least.
    fn named(&self, least: u64) -> io::Result<Vec<(String, u64)>> {
        let Some(column) = &self.column else { return Ok(Vec::new()) };
        let often = (0_u64..).zip(self.counts.iter().copied()).filter(|(_, count)| *count >= least);
        let (ords, counts): (Vec<u64>, Vec<u64>) = often.unzip();
        let mut values = Vec::with_capacity(ords.len());
        column.dictionary().sorted_ords_to_term_cb(&ords, |value| {
            values.push(String::from_utf8_lossy(value).into_owned());
        })?;
        Ok(values.into_iter().zip(counts).collect())
    }

    /// How often one value was counted.
    fn count_of(&self, value: &str) -> io::Result<u64> {
        let Some(column) = &self.column else { return Ok(0) };
        let at = column.dictionary().term_ord(value)?.and_then(|ord| usize::try_from(ord).ok());
        Ok(at.and_then(|at| self.counts.get(at)).copied().unwrap_or_default())
    }

    fn add(&mut self, doc: DocId) {
        if let Some(column) = &self.column {
            for ord in column.ords().values_for_doc(doc) {
                if let Some(count) = usize::try_from(ord).ok().and_then(|at| self.counts.get_mut(at)) {
                    *count += 1;
                }
            }
        }
    }
}

/// Counts by dimension, each without its own condition.
struct SegmentFacets {
    counters: Vec<Counter>,
    /// The ordinals asked for, by place of the dimension; none when the segment has no such value.
    asked: Vec<(usize, Option<u64>)>,
}

impl SegmentFacets {
    fn new(reader: &SegmentReader, asked: &[(usize, String)]) -> tantivy::Result<Self> {
        let mut counters = Vec::with_capacity(Dimension::ALL.len());
        for dimension in Dimension::ALL {
            let column = reader.fast_fields().str(dimension_name(dimension))?;
            let terms = column.as_ref().map_or(0, |column| column.dictionary().num_terms());
            counters.push(Counter { dimension, column, counts: vec![0; terms] });
        }
        let mut ordinals = Vec::with_capacity(asked.len());
        for (at, value) in asked {
            let column = counters.get(*at).and_then(|counter| counter.column.as_ref());
            let ord = column.map(|column| column.dictionary().term_ord(value)).transpose()?.flatten();
            ordinals.push((*at, ord));
        }
        Ok(Self { counters, asked: ordinals })
    }

    fn has(&self, at: usize, ord: Option<u64>, doc: DocId) -> bool {
        let column = self.counters.get(at).and_then(|counter| counter.column.as_ref());
        match (column, ord) {
            (Some(column), Some(ord)) => column.ords().values_for_doc(doc).any(|has| has == ord),
            _ => false,
        }
    }

    /// Counts a product that fits but for the dimensions. Says whether it fits these too.
    fn count(&mut self, doc: DocId) -> bool {
        let mut lacking = self.asked.iter().filter(|(at, ord)| !self.has(*at, *ord, doc)).map(|(at, _)| *at);
        match (lacking.next(), lacking.next()) {
            (None, _) => {
                for counter in &mut self.counters {
                    counter.add(doc);
                }
                true
            }
            (Some(only), None) => {
                if let Some(counter) = self.counters.get_mut(only) {
                    counter.add(doc);
                }
                false
            }
            (Some(_), Some(_)) => false,
        }
    }
}

/// The values that may be among the most frequent of all segments, with their counts in all of them.
///
/// Names are read from a compressed dictionary, which is dear for thousands of suppliers of whom a hundred are told.
/// So one segment names its values, and only those that can still be among the hundred: whatever the others count,
/// they cannot lift a value by more than their own most frequent one has.
fn most_frequent(mut counters: Vec<Counter>) -> io::Result<Vec<(String, u64)>> {
    counters.sort_by_key(|counter| Reverse(counter.counts.iter().sum::<u64>()));
    let Some((first, others)) = counters.split_first() else { return Ok(Vec::new()) };
    let lift: u64 = others.iter().filter_map(|counter| counter.counts.iter().max()).sum();
    let mut ranked: Vec<u64> = first.counts.iter().copied().filter(|count| *count > 0).collect();
    ranked.sort_unstable_by_key(|count| Reverse(*count));
    let last_told = ranked.get(MAX_FACET_VALUES - 1).copied().unwrap_or_default();
    let Some(least) = last_told.checked_sub(lift).filter(|least| *least > 0) else {
        return all_values(&counters);
    };
    let mut counted = first.named(least)?;
    for (value, count) in &mut counted {
        for other in others {
            *count += other.count_of(value)?;
        }
    }
    Ok(counted)
}

/// Every value with its counts in all segments.
fn all_values(counters: &[Counter]) -> io::Result<Vec<(String, u64)>> {
    let mut counts: HashMap<String, u64> = HashMap::new();
    for counter in counters {
        for (value, count) in counter.named(1)? {
            *counts.entry(value).or_default() += count;
        }
    }
    Ok(counts.into_iter().collect())
}
