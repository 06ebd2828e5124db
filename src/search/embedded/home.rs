//! Where the index lives: a folder with one folder for each generation, and a file that names the current one.
//!
//! ```text
//! search/index-2-1f00ba42/   this layout and these word lists
//!     current                the number of the generation that is searched
//!     write.lock             held while a change is applied and while the current generation is exchanged
//!     rebuild.lock           held while a new generation is built
//!     g7/                    an index of tantivy
//! ```
//!
//! Promises: `current` names a whole generation at every moment, also after a crash; whoever holds a lock loses it
//! when its process dies. The generation before is kept until the one after, for those who have not noticed yet.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The folder of one layout.
#[derive(Debug, Clone)]
pub struct Home {
    folder: PathBuf,
}

impl Home {
    /// Takes or makes the folder.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The number of the current generation, if one was ever named.
    pub fn current(&self) -> io::Result<Option<u64>> {
        match fs::read_to_string(self.folder.join("current")) {
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Names the current generation, at once for all who look.
    pub fn name_current(&self, number: u64) -> io::Result<()> {
        let fresh = self.folder.join("current.new");
        let mut file = File::create(&fresh)?;
        writeln!(file, "{number}")?;
        file.sync_all()?;
        fs::rename(&fresh, self.folder.join("current"))?;
        File::open(&self.folder)?.sync_all()
    }

    /// The folder of a generation.
    pub fn generation(&self, number: u64) -> PathBuf {
        self.folder.join(format!("g{number}"))
    }

    fn numbers(&self) -> io::Result<Vec<u64>> {
        let mut numbers = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            let number: Option<u64> =
                name.to_str().and_then(|name| name.strip_prefix('g')).and_then(|digits| digits.parse().ok());
            numbers.extend(number);
        }
        Ok(numbers)
    }

    /// A number that no generation has or had.
    pub fn next(&self) -> io::Result<u64> {
        let named = self.current()?.unwrap_or_default();
        Ok(self.numbers()?.into_iter().fold(named, u64::max) + 1)
    }

    /// Waits until no other process changes anything.
    pub fn lock_for_writing(&self) -> io::Result<File> {
        let file = self.lock_file("write.lock")?;
        file.lock()?;
        Ok(file)
    }

    /// Nothing when a rebuild is already running, in this process or another.
    pub fn lock_for_rebuilding(&self) -> io::Result<Option<File>> {
        let file = self.lock_file("rebuild.lock")?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn lock_file(&self, name: &str) -> io::Result<File> {
        File::options().create(true).truncate(false).write(true).open(self.folder.join(name))
    }

    /// Removes generations that nobody needs: all but the current one and the one before it. The caller holds the
    /// lock for rebuilding, or knows that nobody builds.
    pub fn tidy(&self) -> io::Result<()> {
        let Some(current) = self.current()? else { return Ok(()) };
        let before = self.numbers()?.into_iter().filter(|number| *number < current).max();
        for number in self.numbers()?.into_iter().filter(|number| *number != current && Some(*number) != before) {
            let folder = self.generation(number);
            // One left behind costs nothing but room.
            if let Err(error) = fs::remove_dir_all(&folder) {
                tracing::warn!(folder = %folder.display(), %error, "an outdated search index could not be removed");
            }
        }
        Ok(())
    }
}
