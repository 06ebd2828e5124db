//! The search engine inside the process: an index of tantivy in a folder.
//!
//! Promises: one flush to disk per [`SearchEngine::apply`]; a folder made by other rules is never read; many
//! processes may search one folder while one of them writes and one rebuilds: they see changes within a second, and
//! a new index with the next search after [`NOTICE`]. It does not know where its documents come from.
//!
//! A rebuild makes a new generation in a folder of its own. While it is filled, changes go to the old one; then, with
//! the lock for writing held, what changed since is asked for and applied, and the name of the current generation is
//! exchanged. So no change is lost between the two, and a search has either the old or the new.

mod gathering;
mod generation;
mod home;
mod matching;
mod recent;
mod schema;
mod suggesting;
mod turns;

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
    time::{Duration, Instant},
};

use entity::value::id::ProductId;

use self::{
    gathering::Gather,
    generation::{Generation, store},
    home::Home,
    matching::Wanted,
    recent::Recent,
    turns::Turns,
};
use super::{
    cursor::{Cursor, Place},
    engine::{Change, Hits, MAX_LIMIT, Query, SearchEngine, SearchError, Sort, Source, Suggestion},
    words,
};

/// To be raised when the fields or what is put into them changes.
const LAYOUT: u32 = 3;

/// How often a search looks whether another process has exchanged the index.
pub const NOTICE: Duration = Duration::from_millis(200);

/// An index in this process.
pub struct Embedded {
    /// Nothing when it is in memory.
    home: Option<Home>,
    current: RwLock<Arc<Generation>>,
    looked: Mutex<Instant>,
    turns: Turns,
    recent: Recent,
    /// One change at a time; between processes the home's lock sees to it.
    writing: Mutex<()>,
    /// One rebuild at a time, likewise.
    rebuilding: Mutex<()>,
}

/// A lock on a poisoned mutex of nothing is as good as any.
fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Embedded {
    /// Opens the index under `dir`, or makes an empty one; folders of other versions are removed.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] when the files cannot be read, [`SearchError::Store`] when the folder cannot be made.
    pub fn open(dir: &Path) -> Result<Self, SearchError> {
        Self::open_or_renew(dir, false)
    }

    /// Puts an empty index in the place of whatever is under `dir`, readable or not.
    ///
    /// # Errors
    /// [`SearchError::Store`] when the folders cannot be removed or made.
    pub fn recreate(dir: &Path) -> Result<Self, SearchError> {
        Self::open_or_renew(dir, true)
    }

    fn open_or_renew(dir: &Path, renew: bool) -> Result<Self, SearchError> {
        let home = Home::open(dir.join(version())).map_err(store)?;
        for old in version_folders(dir).map_err(store)?.into_iter().filter(|old| old != home.folder()) {
            // Whoever still reads it keeps its open files; one left behind costs nothing but room.
            if let Err(error) = fs::remove_dir_all(&old) {
                tracing::warn!(folder = %old.display(), %error, "an outdated search index could not be removed");
            }
        }
        let lock = home.lock_for_writing().map_err(store)?;
        let number = match home.current().map_err(store)? {
            Some(number) if !renew => number,
            _ => home.next().map_err(store)?,
        };
        let generation = Generation::open(&home.generation(number), number)?;
        if home.current().map_err(store)? != Some(number) {
            home.name_current(number).map_err(store)?;
        }
        if let Some(_nobody_builds) = home.lock_for_rebuilding().map_err(store)? {
            home.tidy().map_err(store)?;
        }
        drop(lock);
        Ok(Self::of(Some(home), generation))
    }

    /// An empty index that is gone with this value.
    ///
    /// # Errors
    /// [`SearchError::Store`] when its reader cannot be started.
    pub fn in_memory() -> Result<Self, SearchError> {
        Ok(Self::of(None, Generation::in_memory(1)?))
    }

    fn of(home: Option<Home>, generation: Generation) -> Self {
        Self {
            home,
            current: RwLock::new(Arc::new(generation)),
            looked: Mutex::new(Instant::now()),
            turns: Turns::default(),
            recent: Recent::default(),
            writing: Mutex::default(),
            rebuilding: Mutex::default(),
        }
    }

    fn held(&self) -> Arc<Generation> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn exchange(&self, generation: Generation) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(generation);
    }

    /// The generation to search: another one than before when another process has exchanged it. One that cannot be
    /// opened leaves the old one in its place.
    fn current(&self) -> Arc<Generation> {
        {
            let mut looked = hold(&self.looked);
            if looked.elapsed() < NOTICE {
                return self.held();
            }
            *looked = Instant::now();
        }
        self.newest().unwrap_or_else(|error| {
            tracing::warn!(%error, "a new search index cannot be opened; the old one goes on being searched");
            self.held()
        })
    }

    fn newest(&self) -> Result<Arc<Generation>, SearchError> {
        if let Some(home) = &self.home {
            let named = home.current().map_err(store)?;
            if let Some(number) = named.filter(|number| *number != self.held().number) {
                self.exchange(Generation::open(&home.generation(number), number)?);
                tracing::info!(number, "a new search index is searched");
            }
        }
        Ok(self.held())
    }

    /// Keeps other processes from changing anything while it is held.
    fn lock_out_others(&self) -> Result<Option<File>, SearchError> {
        self.home.as_ref().map(|home| home.lock_for_writing().map_err(store)).transpose()
    }

    /// One page of one step.
    fn page(
        generation: &Generation,
        query: &Query,
        wanted: &Wanted,
        step: usize,
        from: Option<&Place>,
    ) -> Result<Hits, SearchError> {
        let limit = query.limit.clamp(1, MAX_LIMIT);
        let offset = if let Some(Place::Offset(offset)) = from { *offset } else { 0 };
        let gather = Gather::new(query, query.sort, step, wanted.has_words(), offset + limit + 1, from);
        let matching = wanted.query(&generation.fields, step, !query.facets);
        let found =
            generation.reader.searcher().search(&matching, &gather).map_err(|error| generation.failed(error))?;
        let more = found.kept.len() > offset + limit;
        let page: Vec<(i64, String)> = found.kept.into_iter().skip(offset).take(limit).collect();
        let next = page.last().filter(|_| more).map(|(key, id)| -> Result<String, SearchError> {
            let place = match query.sort {
                Sort::Relevance => Place::Offset(offset + limit),
                order => Place::After(order, *key, id.parse().map_err(store)?),
            };
            Ok(Cursor { step, place }.to_string())
        });
        let ids = page.iter().map(|(_, id)| id.parse()).collect::<Result<Vec<ProductId>, _>>().map_err(store)?;
        Ok(Hits { ids, next: next.transpose()?, total: found.total, nearest: step > 0, facets: found.facets })
    }

    /// Builds the next generation; on an error its folder is left for [`Home::tidy`].
    fn build(&self, source: &mut dyn Source) -> Result<Generation, SearchError> {
        let generation = match &self.home {
            Some(home) => {
                let number = home.next().map_err(store)?;
                Generation::open(&home.generation(number), number)?
            }
            None => Generation::in_memory(self.held().number + 1)?,
        };
        generation.fill(source)?;
        Ok(generation)
    }
}

impl SearchEngine for Embedded {
    fn name(&self) -> &'static str {
        "embedded"
    }

    fn apply(&self, changes: &[Change]) -> Result<(), SearchError> {
        if changes.is_empty() {
            return Ok(());
        }
        let _one = hold(&self.writing);
        let _alone = self.lock_out_others()?;
        self.newest()?.apply(changes)
    }

    fn rebuild(&self, source: &mut dyn Source) -> Result<u64, SearchError> {
        let busy = || SearchError::Busy {
            folder: self.home.as_ref().map_or_else(PathBuf::new, |home| home.folder().to_owned()),
        };
        let _only = self.rebuilding.try_lock().map_err(|_| busy())?;
        let lock = self.home.as_ref().map(|home| home.lock_for_rebuilding().map_err(store)?.ok_or_else(busy));
        let _only_process = lock.transpose()?;
        let built = self.build(source);
        let done = built.and_then(|generation| {
            let _one = hold(&self.writing);
            let _alone = self.lock_out_others()?;
            generation.complete(&source.late()?)?;
            if let Some(home) = &self.home {
                home.name_current(generation.number).map_err(store)?;
            }
            let count = generation.reader.searcher().num_docs();
            self.exchange(generation);
            Ok(count)
        });
        if let Some(home) = &self.home {
            home.tidy().map_err(store)?;
        }
        done
    }

    fn search(&self, query: &Query) -> Result<Hits, SearchError> {
        let _turn = self.turns.take();
        let generation = self.current();
        let wanted = Wanted::new(query);
        if let Some(text) = &query.after {
            let cursor = Cursor::parse(text).ok_or(SearchError::Cursor)?;
            let belongs = cursor.place.fits(query.sort) && cursor.step < wanted.steps();
            return if belongs {
                Self::page(&generation, query, &wanted, cursor.step, Some(&cursor.place))
            } else {
                Err(SearchError::Cursor)
            };
        }
        let mut first = None;
        for step in 0..wanted.steps() {
            let hits = Self::page(&generation, query, &wanted, step, None)?;
            if !hits.ids.is_empty() {
                return Ok(hits);
            }
            if step == 0
                && let Some(anywhere) = query.anywhere()
                && Self::page(&generation, &anywhere, &Wanted::new(&anywhere), 0, None)?.total > 0
            {
                return Ok(hits);
            }
            first.get_or_insert(hits);
        }
        Ok(first.unwrap_or_default())
    }

    fn suggest(&self, text: &str, limit: usize) -> Result<Vec<Suggestion>, SearchError> {
        let generation = self.current();
        let searcher = generation.reader.searcher();
        let shown = (generation.number, searcher.generation().generation_id());
        if let Some(told) = self.recent.find(shown, text, limit) {
            return Ok(told);
        }
        let _turn = self.turns.take();
        let told = suggesting::suggest(&searcher, generation.fields.suggested, text, limit)
            .map_err(|error| generation.failed(error))?;
        self.recent.keep(shown, text, limit, &told);
        Ok(told)
    }

    fn count(&self) -> Result<u64, SearchError> {
        Ok(self.current().reader.searcher().num_docs())
    }

    fn needs_rebuild(&self) -> Result<bool, SearchError> {
        self.current().needs_rebuild()
    }

    fn generation(&self) -> u64 {
        self.current().number
    }
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
