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

mod answering;
mod asking;
mod building;
mod documents;
mod server;

use std::{
    sync::{
        Arc, Mutex, TryLockError,
        atomic::{AtomicBool, AtomicU8},
    },
    time::Duration,
};

use meilisearch_sdk::{client::Client, search::Selectors};
use tokio::runtime::{Builder, Runtime};

use self::{
    answering::{Hit, suggestions},
    asking::Attempt,
    building::made_by,
    documents::LABELS,
    server::{failed, unless_absent},
};
use super::{
    cursor::Cursor,
    engine::{Change, Hits, MAX_SUGGESTIONS, Query, SearchEngine, SearchError, Source, Suggestion},
    typed,
};

/// How long a search may take before the database answers in its place.
const SEARCH_PATIENCE: Duration = Duration::from_secs(2);

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
