//! What the house holds of the search: the engine, and what this process has put into it.

use super::embedded::Embedded;
use super::engine::{Hits, Query, SearchEngine, SearchError};
use crate::problem::{self, Describe, Failure, Problem};
use entity::value::ProductId;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{Mutex, MutexGuard};

/// For each product the fingerprint of what this process indexed last, nothing when it took it out.
pub(super) type Known = HashMap<ProductId, Option<String>>;

/// The search engine as a part of the house.
pub struct Engine {
    engine: Arc<dyn SearchEngine>,
    /// Held from reading the database until the index has it, so that no older copy overtakes a newer one.
    known: Mutex<Known>,
}

impl Engine {
    /// Any engine.
    pub fn new(engine: impl SearchEngine + 'static) -> Self {
        Self { engine: Arc::new(engine), known: Mutex::default() }
    }

    /// The index in a folder. One that cannot be read is thrown away: it holds only copies, and is made again.
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

    pub(super) async fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().await
    }

    /// Finds a page of products.
    pub(super) async fn search(&self, query: Query) -> Result<Hits, SearchError> {
        self.block(move |engine| engine.search(&query)).await
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
            Self::Busy { .. } => Problem::plain(&problem::BUSY),
            Self::Damaged { .. } | Self::Source(_) | Self::Store(_) => Problem::internal(),
        }
    }
}

/// A failure on the way to the index, as the engine's iterator carries it.
pub(super) fn source_failed(failure: &Failure) -> SearchError {
    SearchError::Source(failure.to_string().into())
}
