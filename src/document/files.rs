//! The store in which contents are kept, each under the hash of itself: a folder, or an S3-compatible bucket.
//!
//! A content is received beside the store, flushed to the disk, looked at, and put in its place in one step, so a name
//! is never seen with half a content, and the same content sent twice is kept once. A row that was rolled back leaves
//! its content behind: it harms nobody and is found again when the file is sent again.

use super::content::{TAIL, Traits};
use super::error::DocumentError;
use super::scan;
use entity::value::Timestamp;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt};
use ring::digest;
use std::io::SeekFrom;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

/// The store in which contents are kept.
#[derive(Debug, Clone)]
pub struct FileStore {
    incoming: PathBuf,
    store: Arc<dyn ObjectStore>,
    prefix: Key,
    scan: Option<String>,
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

/// Whatever was received is put in its place as a copy; nothing is left behind.
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
    /// Opens the store: the folder, or what `address` names. Contents are received in the folder either way.
    /// `scan` is the command that looks at each upload.
    ///
    /// # Errors
    /// When the folder cannot be made or written to, or the address names no store this program was built for.
    pub fn open(root: impl Into<PathBuf>, address: Option<&str>, scan: Option<String>) -> std::io::Result<Self> {
        let root = root.into();
        let incoming = root.join("incoming");
        std::fs::create_dir_all(&incoming)?;
        // What a stopped process left half received was never acknowledged.
        for left in std::fs::read_dir(&incoming)? {
            std::fs::remove_file(left?.path())?;
        }
        let (store, prefix) = match address {
            // A content that was acknowledged survives a power cut: files and their folders are flushed.
            None => {
                let store = LocalFileSystem::new_with_prefix(&root)?.with_fsync(true);
                (Arc::new(store) as Arc<dyn ObjectStore>, Key::default())
            }
            Some(address) => remote(address)?,
        };
        Ok(Self { incoming, store, prefix, scan })
    }

    /// The contents of one of the 256 parts that were last written before an instant, by their hashes.
    pub(super) async fn older(&self, part: &str, before: Timestamp) -> std::io::Result<Vec<String>> {
        let found = self.store.list(Some(&self.prefix.clone().join(part)));
        let old = found.try_filter(|object| std::future::ready(object.last_modified < before));
        let names = old.map_ok(|object| object.location.filename().map(|rest| format!("{part}{rest}")));
        let names: Vec<Option<String>> = names.try_collect().await?;
        Ok(names.into_iter().flatten().collect())
    }

    /// Forgets a content that no row names.
    pub(super) async fn forget(&self, sha256: &str) -> std::io::Result<()> {
        Ok(self.store.delete(&self.place(sha256)).await?)
    }

    /// Erases a content that the law wants kept no longer; whoever calls answers for every row that names it.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn erase(&self, sha256: &str) -> std::io::Result<()> {
        match self.store.delete(&self.place(sha256)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Where a content is kept. The hash is ours: 64 hexadecimal digits.
    fn place(&self, sha256: &str) -> Key {
        let (first, rest) = sha256.split_at_checked(2).unwrap_or(("", sha256));
        self.prefix.clone().join(first).join(rest)
    }

    /// Begins to take in a file.
    pub(super) async fn receive(&self) -> std::io::Result<Incoming> {
        let path = self.incoming.join(uuid::Uuid::now_v7().to_string());
        let file = File::create_new(&path).await?;
        Ok(Incoming { path, file, hash: digest::Context::new(&digest::SHA256), bytes: 0, traits: Traits::default() })
    }

    /// Has a received file looked at, where the operator wants that.
    pub(super) async fn look_at(&self, received: &Received) -> Result<(), DocumentError> {
        match &self.scan {
            Some(command) => scan::scan(command, &received.path).await,
            None => Ok(()),
        }
    }

    /// Puts a received file in its place, where it survives a power cut.
    pub(super) async fn keep(&self, received: &Received) -> std::io::Result<()> {
        if self.is_there(&received.sha256).await? {
            return Ok(());
        }
        let content = fs::read(&received.path).await?;
        self.store.put(&self.place(&received.sha256), content.into()).await?;
        Ok(())
    }

    /// Keeps a content that the house made itself, such as a thumbnail. Says its hash.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn keep_made(&self, content: Vec<u8>) -> std::io::Result<String> {
        let sha256 = hex::encode(digest::digest(&digest::SHA256, &content));
        if !self.is_there(&sha256).await? {
            self.store.put(&self.place(&sha256), content.into()).await?;
        }
        Ok(sha256)
    }

    async fn is_there(&self, sha256: &str) -> std::io::Result<bool> {
        match self.store.head(&self.place(sha256)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// A content, piece by piece.
    pub(super) async fn read(
        &self,
        sha256: &str,
    ) -> std::io::Result<BoxStream<'static, std::io::Result<actix_web::web::Bytes>>> {
        let found = self.store.get(&self.place(sha256)).await?;
        Ok(found.into_stream().map_err(std::io::Error::from).boxed())
    }

    /// A content whole: for pictures and sheets, none larger than what may be uploaded.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    pub async fn read_whole(&self, sha256: &str) -> std::io::Result<actix_web::web::Bytes> {
        Ok(self.store.get(&self.place(sha256)).await?.bytes().await?)
    }
}

/// The store at an address.
#[cfg(feature = "s3")]
fn remote(address: &str) -> std::io::Result<(Arc<dyn ObjectStore>, Key)> {
    let bucket = address.strip_prefix("s3://").map(|rest| rest.split_once('/').unwrap_or((rest, "")));
    let Some((bucket, prefix)) = bucket else {
        return Err(std::io::Error::other("the address of a file store begins with s3://"));
    };
    let store = object_store::aws::AmazonS3Builder::from_env().with_bucket_name(bucket).build()?;
    Ok((Arc::new(store), Key::from(prefix)))
}

/// The store at an address.
#[cfg(not(feature = "s3"))]
fn remote(_: &str) -> std::io::Result<(Arc<dyn ObjectStore>, Key)> {
    Err(std::io::Error::other("LIANNONG_FILES names a store, but this program was built without the feature s3"))
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
