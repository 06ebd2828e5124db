//! What the house holds of the search: the engine, and what this process has put into it.

use super::embedded::Embedded;
use super::engine::{SearchEngine, SearchError};
use super::meilisearch::Meilisearch;
use crate::config::Config;
use crate::problem::{self, Describe, Failure, Problem};
use entity::value::ProductId;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{Mutex, MutexGuard};

/// For each product the fingerprint of what this process indexed last, nothing when it took it out.
pub(super) type Known = HashMap<ProductId, Option<String>>;

/// What this process knows of one generation of the index.
#[derive(Default)]
pub(super) struct KnownOf {
    generation: u64,
    known: Known,
}

impl KnownOf {
    /// What is known of this generation; of another nothing.
    pub(super) fn of(&mut self, generation: u64) -> &mut Known {
        if self.generation != generation {
            self.known.clear();
            self.generation = generation;
        }
        &mut self.known
    }
}

/// The search engine as a part of the house.
pub struct Engine {
    engine: Arc<dyn SearchEngine>,
    /// Held from reading the database until the index has it, so that no older copy overtakes a newer one.
    known: Mutex<KnownOf>,
    /// Whether the last search was answered by the engine.
    answers: AtomicBool,
    /// How far the walk through all products has come.
    walked: Mutex<Option<ProductId>>,
}

impl Engine {
    /// Any engine.
    pub fn new(engine: impl SearchEngine + 'static) -> Self {
        Self {
            engine: Arc::new(engine),
            known: Mutex::default(),
            answers: AtomicBool::new(true),
            walked: Mutex::default(),
        }
    }

    /// The engine of a configuration: Meilisearch when its address is given, else the embedded one in the data folder.
    ///
    /// # Errors
    /// When the folder cannot be used at all, or the address is none. A server that is away is no error here.
    pub fn configured(config: &Config) -> Result<Self, SearchError> {
        match &config.meilisearch_url {
            Some(url) => {
                Meilisearch::new(url, config.meilisearch_key.as_deref(), &config.meilisearch_index).map(Self::new)
            }
            None => Self::open(&config.data.join("search")),
        }
    }

    /// The index in a folder. One that cannot be read is put aside: it holds only copies, and is made again.
    ///
    /// # Errors
    /// When the folder cannot be used at all.
    pub fn open(folder: &Path) -> Result<Self, SearchError> {
        match Embedded::open(folder) {
            Err(SearchError::Damaged { folder: damaged, source }) => {
                tracing::warn!(folder = %damaged.display(), error = %source, "the search index is damaged and made anew");
                Embedded::recreate(folder).map(Self::new)
            }
            opened => opened.map(Self::new),
        }
    }

    /// What the engine is called.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.engine.name()
    }

    /// How many products can be found.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn count(&self) -> Result<u64, SearchError> {
        self.block(|engine| engine.count()).await
    }

    /// Whether the last search was answered by the engine, and not by the database in its place.
    #[must_use]
    pub fn answers(&self) -> bool {
        self.answers.load(Ordering::Relaxed)
    }

    pub(super) fn answered(&self, answered: bool) {
        self.answers.store(answered, Ordering::Relaxed);
    }

    pub(super) async fn walked(&self) -> MutexGuard<'_, Option<ProductId>> {
        self.walked.lock().await
    }

    pub(super) async fn known(&self) -> MutexGuard<'_, KnownOf> {
        self.known.lock().await
    }

    /// Calls the engine on a thread where blocking hurts nobody.
    pub(super) async fn block<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn SearchEngine) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, SearchError> {
        let engine = self.engine.clone();
        match tokio::task::spawn_blocking(move || call(&*engine)).await {
            Ok(done) => done,
            Err(error) => Err(SearchError::Store(error.into())),
        }
    }
}

impl Describe for SearchError {
    fn problem(&self) -> Problem {
        match self {
            Self::Cursor => Problem::invalid("?cursor", self.zh(), self.to_string()),
            Self::Busy { .. } | Self::Away(_) => Problem::plain(&problem::BUSY),
            Self::Damaged { .. } | Self::Source(_) | Self::Store(_) => Problem::internal(),
        }
    }
}

/// A failure on the way to the index, as the engine's source carries it.
pub(super) fn source_failed(failure: &Failure) -> SearchError {
    SearchError::Source(failure.to_string().into())
}
