//! What is brought to the server: indices with our settings, documents, a rebuild beside the index that is searched.

use std::{collections::HashMap, sync::atomic::Ordering, time::Duration};

use entity::value::id::ProductId;
use meilisearch_sdk::client::SwapIndexes;
use serde::{Deserialize, Serialize};

use super::{
    Meilisearch,
    documents::{self, Document, settings},
    server::{TASK_PATIENCE, unless_absent},
};
use crate::search::{
    engine::{Change, SearchEngine, SearchError, Source},
    words,
};

/// How long the tasks of a rebuild may take together.
const REBUILD_PATIENCE: Duration = Duration::from_secs(3600);

/// How many documents are sent at once.
const BATCH: usize = 1_000;

/// The one document of the index that says what the other holds.
const STATE: &str = "state";

/// What a rebuild has left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    id: String,
    /// The layout and the word lists its documents were made by.
    pub(super) made_by: String,
    pub(super) generation: u64,
}

impl Meilisearch {
    fn next_name(&self) -> String {
        format!("{}_next", self.name)
    }

    fn state_name(&self) -> String {
        format!("{}_state", self.name)
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
    pub(super) fn make_if_absent(&self) -> Result<(), SearchError> {
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
    pub(super) fn change(&self, uid: &str, changes: &[Change]) -> Result<(), SearchError> {
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

    pub(super) fn state(&self) -> Result<Option<State>, SearchError> {
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

    pub(super) fn rebuild_beside(&self, source: &mut dyn Source) -> Result<u64, SearchError> {
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
    pub(super) fn turn_month(&self, month: Option<u8>) {
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
}

pub(super) fn made_by() -> String {
    format!("{}-{:08x}", documents::LAYOUT, words::FINGERPRINT)
}
