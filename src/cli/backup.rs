//! `liannong backup` and `liannong restore`: the embedded house as a folder, and back.
//!
//! A backup is a folder with the database as it was at one moment, every file that was uploaded until then, and a list
//! of them with their hashes, written last: a backup without its list is not whole. It is made while the house serves.
//! The master secret is never in it: without the secret the personal data in it cannot be read, so the secret is kept
//! elsewhere. The search index is not in it either; it is made again.
//! PostgreSQL has tools of its own, which the README shows.

use crate::config::Config;
use crate::db::Database;
use crate::db::copy::{copy_sqlite, fault_of_sqlite, sqlite_file};
use crate::verify::{self, Trust};
use chrono::{DateTime, Utc};
use entity::value::{Clock, SystemClock};
use ring::digest;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The database in a backup.
const DATABASE: &str = "liannong.db";
/// The list of what is in a backup.
const LIST: &str = "backup.json";
/// The folder of uploads, in a backup as in the data folder.
const FILES: &str = "files";
/// Where uploads are while they come in: nobody was told that they are kept.
const INCOMING: &str = "incoming";

/// What is in a backup.
#[derive(Debug, Serialize, Deserialize)]
struct List {
    /// 1.
    format: u32,
    /// The edition of the program that made it.
    program: String,
    /// When.
    made_at: DateTime<Utc>,
    /// The database.
    database: Kept,
    /// The uploads, by their place below the folder.
    files: Vec<Kept>,
}

/// A file of a backup.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    name: String,
    bytes: u64,
    sha256: String,
}

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
enum BackupError {
    #[error(
        "PostgreSQL 数据库请用 pg_basebackup 备份 (this is for the embedded database; back PostgreSQL up with pg_basebackup, see the README)"
    )]
    NotEmbedded,
    #[error("没有数据库 there is no database at {0}")]
    NoDatabase(PathBuf),
    #[error("{0} 已存在且非空 is there and not empty; give a new folder")]
    NotEmpty(PathBuf),
    #[error("{0} 已有数据库，不会覆盖 already holds a database, which is not overwritten; give another LIANNONG_DATA")]
    Occupied(PathBuf),
    #[error("{0} 不是完整的备份 is no whole backup: {1}")]
    NotWhole(PathBuf, String),
    #[error("{0}: {1}")]
    File(PathBuf, #[source] io::Error),
    #[error("the database: {0}")]
    Database(#[from] sea_orm::DbErr),
}

/// Makes a backup in a new folder, while the house serves.
pub async fn backup(config: Config, to: &Path) -> ExitCode {
    match make(&config, to).await {
        Ok(list) => {
            let (files, bytes) = (list.files.len(), list.database.bytes);
            println!("backed up 已备份: {}: database {bytes} bytes, {files} files", to.display());
            if config.files.is_some() {
                println!("files are kept in LIANNONG_FILES and are not in this backup 上传文件在对象存储中，未包含");
            }
            println!("the master secret is not in it; keep it elsewhere 主密钥不在其中，请另行保管");
            ExitCode::SUCCESS
        }
        Err(error) => refused(&error),
    }
}

/// Puts a backup into an empty data folder, and verifies what came of it.
pub async fn restore(config: Config, from: &Path) -> ExitCode {
    match put_back(&config, from).await {
        Ok(list) => println!("restored 已恢复: {} of {}, {} files", from.display(), list.made_at, list.files.len()),
        Err(error) => return refused(&error),
    }
    let report = match Database::open(&config.database(), 4).await {
        Ok(db) => verify::verify_with(db.reader(), &Trust::default(), |progress| eprintln!("{progress}")).await,
        Err(error) => Err(error),
    };
    match report {
        Ok(report) => {
            println!("{report}");
            if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => refused(&error.into()),
    }
}

fn refused(error: &BackupError) -> ExitCode {
    eprintln!("liannong: {error}");
    ExitCode::FAILURE
}

/// What the disk said, with the place it said it of.
fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |error| BackupError::File(path, error)
}

async fn make(config: &Config, to: &Path) -> Result<List, BackupError> {
    let url = config.database();
    let file = sqlite_file(&url).ok_or(BackupError::NotEmbedded)?;
    if !file.exists() {
        return Err(BackupError::NoDatabase(file));
    }
    if fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(BackupError::NotEmpty(to.to_owned()));
    }
    private_folder(to).map_err(at(to))?;
    // First the database, then the files: whatever the copy names was kept before it.
    let copy = to.join(DATABASE);
    copy_sqlite(&url, &copy).await?;
    if let Some(fault) = fault_of_sqlite(&copy).await? {
        return Err(BackupError::NotWhole(copy, fault));
    }
    let database = kept(to, Path::new(DATABASE))?;
    let mut files = Vec::new();
    let uploads = config.data.join(FILES);
    for name in uploaded(&uploads)? {
        let target = to.join(FILES).join(&name);
        copy_file(&uploads.join(&name), &target)?;
        files.push(kept(&to.join(FILES), &name)?);
    }
    let list =
        List { format: 1, program: env!("CARGO_PKG_VERSION").to_owned(), made_at: SystemClock.now(), database, files };
    let place = to.join(LIST);
    let text = serde_json::to_vec_pretty(&list).map_err(|error| BackupError::File(place.clone(), error.into()))?;
    write_flushed(&place, &text).map_err(at(&place))?;
    Ok(list)
}

async fn put_back(config: &Config, from: &Path) -> Result<List, BackupError> {
    let target = sqlite_file(&config.database()).ok_or(BackupError::NotEmbedded)?;
    if target.exists() {
        return Err(BackupError::Occupied(target));
    }
    let not_whole = |why: String| BackupError::NotWhole(from.to_owned(), why);
    let text = fs::read(from.join(LIST)).map_err(|error| not_whole(format!("{LIST}: {error}")))?;
    let list: List = serde_json::from_slice(&text).map_err(|error| not_whole(format!("{LIST}: {error}")))?;
    if list.format != 1 {
        return Err(not_whole(format!("format {} is of another edition", list.format)));
    }
    // Everything is looked at before anything is put in place.
    if kept(from, Path::new(DATABASE))? != list.database {
        return Err(not_whole(format!("{DATABASE} is not what the list says")));
    }
    if let Some(fault) = fault_of_sqlite(&from.join(DATABASE)).await? {
        return Err(not_whole(fault));
    }
    for file in &list.files {
        if !is_below(&file.name) || kept(&from.join(FILES), Path::new(&file.name))? != *file {
            return Err(not_whole(format!("{} is not what the list says", file.name)));
        }
    }
    private_folder(&config.data).map_err(at(&config.data))?;
    for file in &list.files {
        copy_file(&from.join(FILES).join(&file.name), &config.data.join(FILES).join(&file.name))?;
    }
    copy_file(&from.join(DATABASE), &target)?;
    Ok(list)
}

/// A name in a list never leads out of the folder.
fn is_below(name: &str) -> bool {
    Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)))
}

/// Makes a folder that only its owner may look into.
fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The uploads below a folder, by their place in it, in order.
fn uploaded(root: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let (mut found, mut folders) = (Vec::new(), vec![PathBuf::new()]);
    while let Some(folder) = folders.pop() {
        let place = root.join(&folder);
        let entries = match fs::read_dir(&place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.map_err(at(&place))?,
        };
        for entry in entries {
            let entry = entry.map_err(at(&place))?;
            let name = folder.join(entry.file_name());
            if entry.file_type().map_err(at(&place))?.is_dir() {
                if name != Path::new(INCOMING) {
                    folders.push(name);
                }
            } else {
                found.push(name);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Copies a file to a place that is there only when the whole of it is.
fn copy_file(from: &Path, to: &Path) -> Result<(), BackupError> {
    if let Some(folder) = to.parent() {
        private_folder(folder).map_err(at(folder))?;
    }
    let mut half = to.as_os_str().to_owned();
    half.push(".half");
    let half = PathBuf::from(half);
    fs::copy(from, &half).map_err(at(from))?;
    File::open(&half).and_then(|file| file.sync_all()).map_err(at(&half))?;
    fs::rename(&half, to).map_err(at(to))
}

fn write_flushed(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    io::Write::write_all(&mut file, bytes)?;
    file.sync_all()
}

/// What a file is: its size and its hash.
fn kept(root: &Path, name: &Path) -> Result<Kept, BackupError> {
    let path = root.join(name);
    let mut file = File::open(&path).map_err(at(&path))?;
    let (mut hash, mut bytes, mut buffer) = (digest::Context::new(&digest::SHA256), 0_u64, vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer).map_err(at(&path))?;
        if read == 0 {
            break;
        }
        hash.update(buffer.get(..read).unwrap_or_default());
        bytes = bytes.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
    }
    Ok(Kept { name: name.display().to_string(), bytes, sha256: hex::encode(hash.finish()) })
}
