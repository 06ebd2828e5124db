//! One index of tantivy: opened or made, written by one writer, read by many.
//!
//! Promises: a commit is whole or nothing; what was staged before an error is forgotten.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use entity::value::id::ProductId;
use tantivy::{
    Index, IndexReader, IndexWriter, TantivyError, Term, directory::MmapDirectory, indexer::IndexWriterOptions,
    merge_policy::NoMergePolicy,
};

use super::schema::Fields;
use crate::search::engine::{Change, ProductDocument, SearchError, Source};

/// What the writer of changes may hold in memory before it flushes.
const WRITER_BYTES: usize = 24 * 1024 * 1024;

/// What the writer of a whole index may hold: fewer and larger pieces are merged sooner.
const BUILDER_BYTES: usize = 96 * 1024 * 1024;

/// The mark on a commit once everything was indexed.
const COMPLETE: &str = "complete";
/// The mark on a commit before that.
const PARTIAL: &str = "partial";

/// One index.
pub struct Generation {
    /// Grows with every swap.
    pub number: u64,
    /// Its fields.
    pub fields: Fields,
    /// Searches it.
    pub reader: IndexReader,
    index: Index,
    /// Made at the first change, since holding it keeps other processes from writing; dropped after a failure.
    writer: Mutex<Option<IndexWriter>>,
    folder: PathBuf,
}

impl Generation {
    /// Opens the index in a folder, or makes an empty one.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] when the files cannot be read, [`SearchError::Store`] when the folder cannot be made.
    pub fn open(folder: &Path, number: u64) -> Result<Self, SearchError> {
        fs::create_dir_all(folder).map_err(store)?;
        let damaged = |error: TantivyError| SearchError::Damaged { folder: folder.to_owned(), source: error.into() };
        let files = MmapDirectory::open(folder).map_err(|error| damaged(error.into()))?;
        let (schema, fields) = Fields::build();
        let index = Index::open_or_create(files, schema).map_err(damaged)?;
        let reader = index.reader().map_err(damaged)?;
        Ok(Self { number, fields, reader, index, writer: Mutex::new(None), folder: folder.to_owned() })
    }

    /// An empty index that is gone with this value.
    ///
    /// # Errors
    /// [`SearchError::Store`] when its reader cannot be started.
    pub fn in_memory(number: u64) -> Result<Self, SearchError> {
        let (schema, fields) = Fields::build();
        let index = Index::create_in_ram(schema);
        let reader = index.reader().map_err(store)?;
        Ok(Self { number, fields, reader, index, writer: Mutex::new(None), folder: PathBuf::new() })
    }

    /// Whether no rebuild was ever completed in it.
    ///
    /// # Errors
    /// When its files cannot be read.
    pub fn needs_rebuild(&self) -> Result<bool, SearchError> {
        let metas = self.index.load_metas().map_err(|error| self.failed(error))?;
        Ok(metas.payload.as_deref() != Some(COMPLETE))
    }

    /// Applies changes in one commit.
    ///
    /// # Errors
    /// As [`crate::search::SearchEngine::apply`].
    pub fn apply(&self, changes: &[Change]) -> Result<(), SearchError> {
        self.commit(
            |this| Ok(if this.needs_rebuild()? { PARTIAL } else { COMPLETE }),
            |writer| self.stage(writer, changes),
        )
    }

    fn stage(&self, writer: &IndexWriter, changes: &[Change]) -> Result<(), SearchError> {
        for change in changes {
            match change {
                Change::Upsert(product) => {
                    writer.delete_term(self.term_of(product.id));
                    self.add(writer, product)?;
                }
                Change::Remove(id) => {
                    writer.delete_term(self.term_of(*id));
                }
            }
        }
        Ok(())
    }

    /// Fills an empty index with all products of a source, in one piece. It is not complete before
    /// [`Generation::complete`].
    ///
    /// # Errors
    /// The first of the source, or what the store reports.
    pub fn fill(&self, source: &mut dyn Source) -> Result<(), SearchError> {
        let mut writer = self.new_writer(BUILDER_BYTES)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        while let Some(product) = source.next() {
            self.add(&writer, &product?)?;
        }
        let failed = |error| self.failed(error);
        writer
            .prepare_commit()
            .and_then(|mut prepared| {
                prepared.set_payload(PARTIAL);
                prepared.commit()
            })
            .map_err(failed)?;
        let segments = self.index.searchable_segment_ids().map_err(failed)?;
        if segments.len() > 1 {
            // Every search walks through every piece, so one piece is the fastest.
            writer.merge(&segments).wait().map_err(failed)?;
            writer.garbage_collect_files().wait().map_err(failed)?;
        }
        writer.wait_merging_threads().map_err(failed)?;
        self.reader.reload().map_err(failed)
    }

    /// Applies the last changes to a filled index and marks it complete.
    ///
    /// # Errors
    /// What the store reports.
    pub fn complete(&self, late: &[Change]) -> Result<(), SearchError> {
        self.commit(|_| Ok(COMPLETE), |writer| self.stage(writer, late))
    }

    /// Lets `stage` add to the next commit and commits it under `mark`; on any error nothing of it remains.
    fn commit<T>(
        &self,
        mark: impl FnOnce(&Self) -> Result<&'static str, SearchError>,
        stage: impl FnOnce(&IndexWriter) -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        // A poisoned lock means that staging panicked; what it staged goes with the writer.
        let mut slot = self.writer.lock().unwrap_or_else(|poisoned: PoisonError<_>| {
            let mut slot = poisoned.into_inner();
            *slot = None;
            slot
        });
        self.writer.clear_poison();
        let mut writer = match slot.take() {
            Some(writer) => writer,
            None => self.new_writer(WRITER_BYTES)?,
        };
        let staged = stage(&writer)?;
        let mark = mark(self)?;
        let mut prepared = writer.prepare_commit().map_err(|error| self.failed(error))?;
        prepared.set_payload(mark);
        prepared.commit().map_err(|error| self.failed(error))?;
        *slot = Some(writer);
        self.reader.reload().map_err(|error| self.failed(error))?;
        Ok(staged)
    }

    fn new_writer(&self, bytes: usize) -> Result<IndexWriter, SearchError> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(bytes)
            .build();
        self.index.writer_with_options(options).map_err(|error| self.failed(error))
    }

    fn add(&self, writer: &IndexWriter, product: &ProductDocument) -> Result<(), SearchError> {
        writer.add_document(self.fields.document(product)).map(drop).map_err(|error| self.failed(error))
    }

    fn term_of(&self, id: ProductId) -> Term {
        Term::from_field_text(self.fields.id, &id.to_string())
    }

    /// What the store reported, told apart by what has to be done about it.
    pub fn failed(&self, error: TantivyError) -> SearchError {
        let folder = self.folder.clone();
        match error {
            TantivyError::LockFailure(..) => SearchError::Busy { folder },
            TantivyError::DataCorruption(_) | TantivyError::OpenReadError(_) | TantivyError::IncompatibleIndex(_) => {
                SearchError::Damaged { folder, source: error.into() }
            }
            other => store(other),
        }
    }
}

/// A failure of the store that nothing more is known about.
pub fn store(error: impl std::error::Error + Send + Sync + 'static) -> SearchError {
    SearchError::Store(Box::new(error))
}
