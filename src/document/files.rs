//! The folder in which contents are kept, each under the hash of itself.
//!
//! A content is written beside its place, flushed to the disk and moved there in one step, so a name is never seen
//! with half a content, and the same content sent twice is kept once. A row that was rolled back leaves its content
//! behind: it harms nobody and is found again when the file is sent again.

use super::content::{TAIL, Traits};
use ring::digest;
use std::io::SeekFrom;
use std::path::{Path, PathBuf};
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

/// The folder in which contents are kept.
#[derive(Debug, Clone)]
pub struct FileStore {
    root: PathBuf,
}

/// A file that is coming in.
pub(super) struct Incoming {
    path: PathBuf,
    file: File,
    hash: digest::Context,
    bytes: u64,
    traits: Traits,
}

/// A file that has all come in, still beside its place.
pub(super) struct Received {
    path: PathBuf,
    /// Hash of the content, hex.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// What is in it.
    pub traits: Traits,
}

/// Whatever did not reach its place leaves nothing behind.
impl Drop for Received {
    fn drop(&mut self) {
        remove_if_there(&self.path);
    }
}

fn remove_if_there(path: &Path) {
    if let Err(error) = std::fs::remove_file(path)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "removing an incoming file");
    }
}

impl FileStore {
    /// Opens the folder, making it when it is not there.
    ///
    /// # Errors
    /// When it cannot be made or written to.
    pub fn open(root: impl Into<PathBuf>) -> std::io::Result<Self> {
        let root = root.into();
        let incoming = root.join("incoming");
        std::fs::create_dir_all(&incoming)?;
        // What a stopped process left half received was never acknowledged.
        for left in std::fs::read_dir(&incoming)? {
            std::fs::remove_file(left?.path())?;
        }
        Ok(Self { root })
    }

    /// The folder itself.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Where a content is kept. The hash is ours: 64 hexadecimal digits.
    fn place(&self, sha256: &str) -> PathBuf {
        let (first, rest) = sha256.split_at_checked(2).unwrap_or(("", sha256));
        self.root.join(first).join(rest)
    }

    /// Begins to take in a file.
    pub(super) async fn receive(&self) -> std::io::Result<Incoming> {
        let path = self.root.join("incoming").join(uuid::Uuid::now_v7().to_string());
        let file = File::create_new(&path).await?;
        Ok(Incoming { path, file, hash: digest::Context::new(&digest::SHA256), bytes: 0, traits: Traits::default() })
    }

    /// Moves a received file to its place, where it survives a power cut.
    pub(super) async fn keep(&self, received: &Received) -> std::io::Result<()> {
        let place = self.place(&received.sha256);
        if fs::try_exists(&place).await? {
            return Ok(());
        }
        let folder = place.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).await?;
        fs::rename(&received.path, &place).await?;
        // The names are durable too: the file's in its folder, the folder's in the root.
        File::open(folder).await?.sync_all().await?;
        File::open(&self.root).await?.sync_all().await
    }

    /// A whole content: for files that are read at once, none larger than what may be uploaded.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn content(&self, sha256: &str) -> std::io::Result<Vec<u8>> {
        fs::read(self.place(sha256)).await
    }

    /// Opens a content for reading.
    pub(super) async fn read(&self, sha256: &str) -> std::io::Result<File> {
        File::open(self.place(sha256)).await
    }
}

impl Incoming {
    /// Takes the next bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.hash.update(bytes);
        self.traits.see(bytes);
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.file.write_all(bytes).await
    }

    /// How much has come.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// All has come: flushes it to the disk.
    pub async fn finish(mut self) -> std::io::Result<Received> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let mut received = Received {
            path: self.path,
            sha256: hex::encode(self.hash.finish()),
            bytes: self.bytes,
            traits: self.traits,
        };
        if received.traits.is_archive() {
            let mut file = File::open(&received.path).await?;
            let from = received.bytes.saturating_sub(u64::try_from(TAIL).unwrap_or(u64::MAX));
            file.seek(SeekFrom::Start(from)).await?;
            file.read_to_end(&mut received.traits.tail).await?;
        }
        Ok(received)
    }

    /// The sender gave up, or sent too much.
    pub fn give_up(self) {
        remove_if_there(&self.path);
    }
}
