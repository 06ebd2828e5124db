//! The search engine inside the process: an index of tantivy in a folder.
//!
//! Promises: one flush to disk per [`SearchEngine::apply`]; a folder made by other rules is never read; many
//! processes may search one folder while one of them writes, and they see its changes within a second.
//! It does not know where its documents come from.

mod cursor;
mod matching;
mod schema;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use entity::value::id::ProductId;
use tantivy::{
    DocAddress, Index, IndexReader, IndexWriter, Order, Searcher, TantivyError, Term,
    collector::{
        Collector, TopDocs,
        sort_key::{SortBySimilarityScore, SortByStaticFastValue, SortByString},
    },
    directory::MmapDirectory,
    indexer::IndexWriterOptions,
    query::AllQuery,
};

use self::{
    cursor::{Cursor, Place},
    matching::Wanted,
    schema::Fields,
};
use super::{
    engine::{Change, Hits, MAX_LIMIT, ProductDocument, Query, SearchEngine, SearchError, Sort},
    words,
};

/// To be raised when the fields or what is put into them changes.
const LAYOUT: u32 = 1;

/// What the writer may hold in memory before it flushes.
const WRITER_BYTES: usize = 24 * 1024 * 1024;

/// The mark on a commit once everything was indexed.
const COMPLETE: &str = "complete";
/// The mark on a commit before that.
const PARTIAL: &str = "partial";

/// An index in this process.
pub struct Embedded {
    index: Index,
    fields: Fields,
    reader: IndexReader,
    /// Made at the first change, since holding it keeps other processes from writing; dropped after a failure.
    writer: Mutex<Option<IndexWriter>>,
    folder: PathBuf,
}

impl Embedded {
    /// Opens the index under `dir`, or makes an empty one; folders of other versions are removed.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] when the files cannot be read, [`SearchError::Store`] when the folder cannot be made.
    pub fn open(dir: &Path) -> Result<Self, SearchError> {
        let folder = dir.join(version());
        fs::create_dir_all(&folder).map_err(store)?;
        for old in version_folders(dir).map_err(store)?.into_iter().filter(|old| *old != folder) {
            // Whoever still reads it keeps its open files; one left behind costs nothing but room.
            if let Err(error) = fs::remove_dir_all(&old) {
                tracing::warn!(folder = %old.display(), %error, "an outdated search index could not be removed");
            }
        }
        let damaged = |error: TantivyError| SearchError::Damaged { folder: folder.clone(), source: error.into() };
        let files = MmapDirectory::open(&folder).map_err(|error| damaged(error.into()))?;
        let (schema, fields) = Fields::build();
        let index = Index::open_or_create(files, schema).map_err(damaged)?;
        let reader = index.reader().map_err(damaged)?;
        Ok(Self { index, fields, reader, writer: Mutex::new(None), folder })
    }

    /// Throws away whatever index is under `dir`, readable or not, and makes an empty one.
    ///
    /// # Errors
    /// [`SearchError::Store`] when the folders cannot be removed or made.
    pub fn recreate(dir: &Path) -> Result<Self, SearchError> {
        for old in version_folders(dir).map_err(store)? {
            fs::remove_dir_all(&old).map_err(store)?;
        }
        Self::open(dir)
    }

    /// An empty index that is gone with this value.
    ///
    /// # Errors
    /// [`SearchError::Store`] when its reader cannot be started.
    pub fn in_memory() -> Result<Self, SearchError> {
        let (schema, fields) = Fields::build();
        let index = Index::create_in_ram(schema);
        let reader = index.reader().map_err(store)?;
        Ok(Self { index, fields, reader, writer: Mutex::new(None), folder: PathBuf::new() })
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
            None => self.new_writer()?,
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

    fn new_writer(&self) -> Result<IndexWriter, SearchError> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(WRITER_BYTES)
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
    fn failed(&self, error: TantivyError) -> SearchError {
        let folder = self.folder.clone();
        match error {
            TantivyError::LockFailure(..) => SearchError::Busy { folder },
            TantivyError::DataCorruption(_) | TantivyError::OpenReadError(_) | TantivyError::IncompatibleIndex(_) => {
                SearchError::Damaged { folder, source: error.into() }
            }
            other => store(other),
        }
    }

    fn top<K>(
        &self,
        searcher: &Searcher,
        query: &dyn tantivy::query::Query,
        collector: impl Collector<Fruit = Vec<(K, DocAddress)>>,
    ) -> Result<Vec<K>, SearchError> {
        let found = searcher.search(query, &collector).map_err(|error| self.failed(error))?;
        Ok(found.into_iter().map(|(key, _)| key).collect())
    }

    /// One page of one step.
    fn page(&self, query: &Query, wanted: &Wanted, step: usize, from: Option<&Place>) -> Result<Hits, SearchError> {
        let limit = query.limit.clamp(1, MAX_LIMIT);
        let searcher = self.reader.searcher();
        let matching = wanted.query(&self.fields, step, from);
        let by_id = |order| (SortByString::for_field("id"), order);
        let top = TopDocs::with_limit(limit + 1);
        match order(query, wanted) {
            Sort::Relevance => {
                let offset = if let Some(Place::Offset(offset)) = from { *offset } else { 0 };
                let key = ((SortBySimilarityScore, Order::Desc), by_id(Order::Asc));
                let found = self.top(&searcher, &matching, top.and_offset(offset).order_by(key))?;
                let ids = found.into_iter().map(|(_, id)| id).collect();
                hits(ids, limit, step, |_, _| Place::Offset(offset + limit))
            }
            Sort::Newest => {
                let ids = self.top(&searcher, &matching, top.order_by(by_id(Order::Desc)))?;
                hits(ids, limit, step, |_, id| Place::After(id))
            }
            Sort::PricePerKilogram => {
                let price = SortByStaticFastValue::<i64>::for_field("fen_per_kilogram");
                let key = ((price, Order::Asc), by_id(Order::Asc));
                let found = self.top(&searcher, &matching, top.order_by(key))?;
                let (prices, ids): (Vec<_>, Vec<_>) = found.into_iter().unzip();
                hits(ids, limit, step, |at, id| Place::Above(prices.get(at).copied().flatten().unwrap_or(0), id))
            }
        }
    }
}

impl SearchEngine for Embedded {
    fn apply(&self, changes: &[Change]) -> Result<(), SearchError> {
        if changes.is_empty() {
            return Ok(());
        }
        let mark = |this: &Self| Ok(if this.needs_rebuild()? { PARTIAL } else { COMPLETE });
        self.commit(mark, |writer| {
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
        })
    }

    fn rebuild(
        &self,
        products: &mut dyn Iterator<Item = Result<ProductDocument, SearchError>>,
    ) -> Result<u64, SearchError> {
        self.commit(
            |_| Ok(COMPLETE),
            |writer| {
                // Not `delete_all_documents`: that takes the segments away before the commit.
                writer.delete_query(Box::new(AllQuery)).map_err(|error| self.failed(error))?;
                let mut count = 0;
                for product in products {
                    self.add(writer, &product?)?;
                    count += 1;
                }
                Ok(count)
            },
        )
    }

    fn search(&self, query: &Query) -> Result<Hits, SearchError> {
        let wanted = Wanted::new(query);
        if let Some(text) = &query.after {
            let cursor = Cursor::parse(text).ok_or(SearchError::Cursor)?;
            let belongs = cursor.place.fits(order(query, &wanted)) && cursor.step < wanted.steps();
            return if belongs {
                self.page(query, &wanted, cursor.step, Some(&cursor.place))
            } else {
                Err(SearchError::Cursor)
            };
        }
        for step in 0..wanted.steps() {
            let hits = self.page(query, &wanted, step, None)?;
            if !hits.ids.is_empty() {
                return Ok(hits);
            }
        }
        Ok(Hits::default())
    }

    fn count(&self) -> Result<u64, SearchError> {
        Ok(self.reader.searcher().num_docs())
    }

    fn needs_rebuild(&self) -> Result<bool, SearchError> {
        let metas = self.index.load_metas().map_err(|error| self.failed(error))?;
        Ok(metas.payload.as_deref() != Some(COMPLETE))
    }
}

/// Without words nothing is more relevant than anything else, so the newest come first.
fn order(query: &Query, wanted: &Wanted) -> Sort {
    match query.sort {
        Sort::Relevance if !wanted.has_words() => Sort::Newest,
        sort => sort,
    }
}

/// Makes a page of what was found, of which one more than `limit` was asked for.
fn hits(
    found: Vec<Option<String>>,
    limit: usize,
    step: usize,
    place: impl FnOnce(usize, ProductId) -> Place,
) -> Result<Hits, SearchError> {
    let more = found.len() > limit;
    let ids = found.into_iter().take(limit).map(|id| id.unwrap_or_default().parse());
    let ids = ids.collect::<Result<Vec<ProductId>, _>>().map_err(store)?;
    let last = ids.last().filter(|_| more);
    let next = last.map(|last| Cursor { step, place: place(ids.len() - 1, *last) }.to_string());
    Ok(Hits { ids, next })
}

fn store(error: impl std::error::Error + Send + Sync + 'static) -> SearchError {
    SearchError::Store(Box::new(error))
}

/// The folder's name: an index made with other fields, rules or word lists has another one.
fn version() -> String {
    format!("index-{LAYOUT}-{:08x}", words::FINGERPRINT)
}

/// The folders of this and other versions under `dir`.
fn version_folders(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let mut folders = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        if entry.file_type()?.is_dir() && name.to_str().is_some_and(is_version) {
            folders.push(entry.path());
        }
    }
    Ok(folders)
}

/// Whether a folder is ours by its name, so that no other is ever removed.
fn is_version(name: &str) -> bool {
    let parts = name.strip_prefix("index-").and_then(|rest| rest.split_once('-'));
    parts.is_some_and(|(layout, print)| {
        layout.parse::<u32>().is_ok() && print.len() == 8 && print.bytes().all(|b| b.is_ascii_hexdigit())
    })
}
