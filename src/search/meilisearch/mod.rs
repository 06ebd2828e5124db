//! The search engine on a Meilisearch server, through its own SDK.
//!
//! Promises: no call waits longer than its time-out, and a server that is away is said to be away; a rebuild fills an
//! index beside the one that is searched and swaps the two by one task of the server; changes return when the server
//! has done their tasks. Several houses may share one index.
//!
//! What the server cannot do by itself (pinyin, traditional characters, places, one wrong character) is made by the
//! same code as for the embedded engine and given to it as attributes and as further attempts. Its typo tolerance and
//! its order between equal matches are its own.
//!
//! Between a rebuild's last look at the database and the swap no lock is held on the server; what changes in that
//! moment is applied again after the swap.

mod asking;
mod documents;

use std::{
    collections::{BTreeMap, HashMap},
    error::Error as AnyError,
    sync::{
        Arc, Mutex, TryLockError,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
    time::Duration,
};

use entity::value::id::ProductId;
use meilisearch_sdk::{
    client::{Client, SwapIndexes},
    errors::{Error, ErrorCode},
    indexes::Index,
    search::{MatchingStrategies, SearchQuery, SearchResults, Selectors},
    task_info::TaskInfo,
    tasks::Task,
};
use serde::{Deserialize, Serialize};
use tokio::runtime::{Builder, Runtime};

use self::{
    asking::Attempt,
    documents::{DEEPEST, Document, LABELS, PART, attribute, settings},
};
use super::{
    cursor::{Cursor, Place},
    engine::{
        Change, Counted, Dimension, Facets, Hits, MAX_LIMIT, MAX_SUGGESTIONS, Query, SearchEngine, SearchError, Sort,
        Source, Suggestion, SuggestionKind,
    },
    typed, words,
};

/// How long a search may take before the database answers in its place.
const SEARCH_PATIENCE: Duration = Duration::from_secs(2);

/// How long a request that changes something, or one task, may take.
const TASK_PATIENCE: Duration = Duration::from_secs(60);

/// How long the tasks of a rebuild may take together.
const REBUILD_PATIENCE: Duration = Duration::from_secs(3600);

/// How often a task is asked whether it is done.
const ASK_EVERY: Duration = Duration::from_millis(50);

/// How many documents are sent at once.
const BATCH: usize = 1_000;

/// The one document of the index that says what the other holds.
const STATE: &str = "state";

/// What a rebuild has left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    id: String,
    /// The layout and the word lists its documents were made by.
    made_by: String,
    generation: u64,
}

/// What is read of a hit.
#[derive(Debug, Deserialize)]
struct Hit {
    id: String,
    fen_per_kilogram: i64,
    sold_packs: i64,
    households: i64,
}

/// A server and the name of our index on it.
pub struct Meilisearch {
    client: Client,
    name: String,
    patience: Duration,
    /// The SDK's connections live on a runtime of their own, so that calls may come from any thread that may block.
    runtime: Option<Runtime>,
    rebuilding: Mutex<()>,
    /// The month that was asked about last, and the one that the ranking rules are made for.
    asked_month: AtomicU8,
    ruled_month: Arc<AtomicU8>,
    ready: AtomicBool,
}

impl Drop for Meilisearch {
    fn drop(&mut self) {
        // Waiting for it would not be allowed where this may be dropped.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Meilisearch {
    /// A server by its address; it is not asked anything yet.
    ///
    /// # Errors
    /// [`SearchError::Store`] when the address or the key cannot be one.
    pub fn new(url: &str, key: Option<&str>, name: &str) -> Result<Self, SearchError> {
        let refused = |why: &str| SearchError::Store(why.to_owned().into());
        let address = url.trim_end_matches('/');
        if !(address.starts_with("http://") || address.starts_with("https://")) {
            return Err(refused("LIANNONG_MEILISEARCH_URL begins with http:// or https://"));
        }
        if key.is_some_and(|key| key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(refused("LIANNONG_MEILISEARCH_KEY holds only visible ASCII characters"));
        }
        let sound = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if name.is_empty() || name.len() > 200 || !name.bytes().all(sound) {
            return Err(refused("LIANNONG_MEILISEARCH_INDEX holds only letters, digits, - and _"));
        }
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("meilisearch").enable_all().build();
        Ok(Self {
            client: Client::new(address, key).map_err(failed)?,
            name: name.to_owned(),
            patience: SEARCH_PATIENCE,
            runtime: Some(runtime.map_err(|error| SearchError::Store(error.into()))?),
            rebuilding: Mutex::default(),
            asked_month: AtomicU8::new(0),
            ruled_month: Arc::new(AtomicU8::new(0)),
            ready: AtomicBool::new(false),
        })
    }

    /// The same with another patience for searches.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    fn index(&self, uid: &str) -> Index {
        self.client.index(uid)
    }

    fn next_name(&self) -> String {
        format!("{}_next", self.name)
    }

    fn state_name(&self) -> String {
        format!("{}_state", self.name)
    }

    /// Waits for a request, but not for ever.
    fn wait<T>(&self, patience: Duration, call: impl Future<Output = Result<T, Error>>) -> Result<T, SearchError> {
        let Some(runtime) = &self.runtime else { return Err(away("the engine was shut down")) };
        match runtime.block_on(async { tokio::time::timeout(patience, call).await }) {
            Ok(answered) => answered.map_err(failed),
            Err(_) => Err(away("it took too long")),
        }
    }

    /// Waits until a task has succeeded.
    fn finish(&self, patience: Duration, task: TaskInfo) -> Result<(), SearchError> {
        let asked = self.client.wait_for_task(task, Some(ASK_EVERY), Some(patience));
        match self.wait(patience + TASK_PATIENCE, asked)? {
            Task::Succeeded { .. } => Ok(()),
            Task::Failed { content } => Err(failed(content.error.into())),
            Task::Enqueued { .. } | Task::Processing { .. } => Err(away("a task took too long")),
        }
    }

    /// Sends a request that makes a task, and waits until that has succeeded.
    fn task(&self, call: impl Future<Output = Result<TaskInfo, Error>>) -> Result<(), SearchError> {
        let task = self.wait(TASK_PATIENCE, call)?;
        self.finish(TASK_PATIENCE, task)
    }

    fn month(&self) -> Option<u8> {
        Some(self.asked_month.load(Ordering::Relaxed)).filter(|month| *month > 0)
    }

    /// Makes an index of this name with our settings.
    fn make(&self, uid: &str) -> Result<(), SearchError> {
        self.task(self.client.create_index(uid, Some("id")))?;
        let (month, index) = (self.month(), self.index(uid));
        let settings = settings(month);
        self.task(index.set_settings(&settings))?;
        self.ruled_month.store(month.unwrap_or_default(), Ordering::Relaxed);
        Ok(())
    }

    /// Makes the index that is searched, when there is none.
    fn make_if_absent(&self) -> Result<(), SearchError> {
        if self.ready.load(Ordering::Relaxed) {
            return Ok(());
        }
        let there = self.wait(TASK_PATIENCE, unless_absent(self.client.get_index(&self.name)))?;
        if there.is_none() {
            self.make(&self.name)?;
        }
        self.ready.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn remove(&self, uid: &str) -> Result<(), SearchError> {
        let there = self.wait(TASK_PATIENCE, unless_absent(self.client.get_index(uid)))?;
        match there {
            Some(index) => self.task(index.delete()),
            None => Ok(()),
        }
    }

    /// Brings changes into an index; of several for one product the last counts.
    fn change(&self, uid: &str, changes: &[Change]) -> Result<(), SearchError> {
        let mut last: HashMap<ProductId, Option<Document>> = HashMap::new();
        for change in changes {
            match change {
                Change::Upsert(product) => last.insert(product.id, Some(Document::of(product))),
                Change::Remove(id) => last.insert(*id, None),
            };
        }
        let (mut documents, mut removed) = (Vec::new(), Vec::new());
        for (id, document) in last {
            match document {
                Some(document) => documents.push(document),
                None => removed.push(id.to_string()),
            }
        }
        let index = self.index(uid);
        for batch in documents.chunks(BATCH) {
            self.task(index.add_or_replace(batch, Some("id")))?;
        }
        for batch in removed.chunks(BATCH) {
            self.task(index.delete_documents(batch))?;
        }
        Ok(())
    }

    fn state(&self) -> Result<Option<State>, SearchError> {
        let index = self.index(&self.state_name());
        self.wait(self.patience, unless_absent(index.get_document::<State>(STATE)))
    }

    /// Fills an index with all products of a source; its tasks are waited for at the end, together.
    fn fill(&self, uid: &str, source: &mut dyn Source) -> Result<(), SearchError> {
        let index = self.index(uid);
        let (mut tasks, mut batch) = (Vec::new(), Vec::with_capacity(BATCH));
        let mut more = true;
        while more {
            match source.next() {
                Some(product) => batch.push(Document::of(&product?)),
                None => more = false,
            }
            if batch.len() == BATCH || (!more && !batch.is_empty()) {
                tasks.push(self.wait(TASK_PATIENCE, index.add_or_replace(&batch, Some("id")))?);
                batch.clear();
            }
        }
        tasks.into_iter().try_for_each(|task| self.finish(REBUILD_PATIENCE, task))
    }

    fn rebuild_beside(&self, source: &mut dyn Source) -> Result<u64, SearchError> {
        let next = self.next_name();
        self.make_if_absent()?;
        self.remove(&next)?;
        self.make(&next)?;
        self.fill(&next, source)?;
        self.change(&next, &source.late()?)?;
        let swap = SwapIndexes { indexes: (self.name.clone(), next.clone()), rename: None };
        self.task(self.client.swap_indexes([&swap]))?;
        self.change(&self.name, &source.late()?)?;
        let generation = self.state()?.map_or(0, |state| state.generation) + 1;
        let state = State { id: STATE.to_owned(), made_by: made_by(), generation };
        let index = self.index(&self.state_name());
        self.task(index.add_or_replace(&[state], Some("id")))?;
        self.remove(&next)?;
        self.count()
    }

    /// Has the ranking rules made for another month, without waiting for it: a search that comes too early is ranked
    /// as in the month before.
    fn turn_month(&self, month: Option<u8>) {
        let wanted = month.unwrap_or_default();
        self.asked_month.store(wanted, Ordering::Relaxed);
        if wanted == 0 || self.ruled_month.swap(wanted, Ordering::Relaxed) == wanted {
            return;
        }
        let (index, ruled) = (self.index(&self.name), self.ruled_month.clone());
        if let Some(runtime) = &self.runtime {
            runtime.spawn(async move {
                let rules = settings(month).ranking_rules.unwrap_or_default();
                let sent = tokio::time::timeout(TASK_PATIENCE, index.set_ranking_rules(rules)).await;
                if !matches!(sent, Ok(Ok(_))) {
                    tracing::warn!(
                        month,
                        "the ranking rules could not be made for the month; the next search tries again"
                    );
                    ruled.store(0, Ordering::Relaxed);
                }
            });
        }
    }

    fn attempt(
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

    fn question<'a>(
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

fn made_by() -> String {
    format!("{}-{:08x}", documents::LAYOUT, words::FINGERPRINT)
}

/// Nothing where an index or a document is not there.
async fn unless_absent<T>(call: impl Future<Output = Result<T, Error>>) -> Result<Option<T>, Error> {
    match call.await {
        Ok(found) => Ok(Some(found)),
        Err(Error::Meilisearch(error))
            if matches!(error.error_code, ErrorCode::IndexNotFound | ErrorCode::DocumentNotFound) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn away(why: &str) -> SearchError {
    SearchError::Away(why.to_owned().into())
}

/// What the SDK reported: no answer and no sense is away, a refusal of the server is a failure.
fn failed(error: Error) -> SearchError {
    match error {
        Error::Meilisearch(error) => SearchError::Store(Box::new(error)),
        Error::HttpError(_) | Error::MeilisearchCommunication(_) | Error::ParseError(_) | Error::Timeout => {
            let error: Box<dyn AnyError + Send + Sync> = Box::new(error);
            SearchError::Away(error)
        }
        other => SearchError::Store(Box::new(other)),
    }
}

impl SearchEngine for Meilisearch {
    fn name(&self) -> &'static str {
        "meilisearch"
    }

    fn apply(&self, changes: &[Change]) -> Result<(), SearchError> {
        if changes.is_empty() {
            return Ok(());
        }
        self.make_if_absent()?;
        self.change(&self.name, changes)
    }

    fn rebuild(&self, source: &mut dyn Source) -> Result<u64, SearchError> {
        let _only = match self.rebuilding.try_lock() {
            Ok(only) => only,
            Err(TryLockError::Poisoned(only)) => only.into_inner(),
            Err(TryLockError::WouldBlock) => return Err(SearchError::Busy { folder: self.name.clone().into() }),
        };
        self.rebuild_beside(source)
    }

    fn search(&self, query: &Query) -> Result<Hits, SearchError> {
        self.turn_month(query.this_month);
        let attempts = asking::attempts(query);
        if let Some(text) = &query.after {
            let cursor = Cursor::parse(text).filter(|cursor| cursor.place.fits(query.sort));
            let cursor = cursor.ok_or(SearchError::Cursor)?;
            let attempt = attempts.get(cursor.step).ok_or(SearchError::Cursor)?;
            return self.attempt(query, cursor.step, attempt, Some(&cursor.place));
        }
        let mut first = None;
        for (step, attempt) in attempts.iter().enumerate() {
            let hits = self.attempt(query, step, attempt, None)?;
            if !hits.ids.is_empty() {
                return Ok(hits);
            }
            if step == 0
                && let Some(anywhere) = query.anywhere()
                && self.attempt(&anywhere, 0, attempt, None)?.total > 0
            {
                return Ok(hits);
            }
            first.get_or_insert(hits);
        }
        Ok(first.unwrap_or_default())
    }

    fn suggest(&self, text: &str, limit: usize) -> Result<Vec<Suggestion>, SearchError> {
        let index = self.index(&self.name);
        for typed in typed::attempts(text) {
            let attempt = Attempt { text: typed.clone(), only: None, all: true };
            let mut question = self.question(&index, &attempt);
            question.with_limit(0).with_facets(Selectors::Some(&LABELS));
            let answer = self.wait(self.patience, question.execute::<Hit>())?;
            let found = suggestions(&answer, &typed, limit.clamp(1, MAX_SUGGESTIONS));
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    fn count(&self) -> Result<u64, SearchError> {
        let index = self.index(&self.name);
        let stats = self.wait(self.patience, unless_absent(index.get_stats()))?;
        Ok(stats.map_or(0, |stats| u64::try_from(stats.number_of_documents).unwrap_or_default()))
    }

    fn needs_rebuild(&self) -> Result<bool, SearchError> {
        Ok(self.state()?.is_none_or(|state| state.made_by != made_by()))
    }

    fn generation(&self) -> u64 {
        self.state().ok().flatten().map_or(0, |state| state.generation)
    }
}

/// Suggestions out of the counts of labels: those of which something begins with what was typed.
fn suggestions(answer: &SearchResults<Hit>, typed: &str, limit: usize) -> Vec<Suggestion> {
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
