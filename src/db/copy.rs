//! A copy of an embedded database that is in use, and what a copy must be before it is trusted.
//!
//! SQLite's own `VACUUM INTO` reads one state and writes it as a new file; whoever writes meanwhile goes on.

use super::sqlite_options;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use std::path::{Path, PathBuf};

/// The file of an embedded database; nothing when the address names another.
#[must_use]
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    Some(PathBuf::from(path))
}

/// Copies the database of an address into a new file, as it is at one moment.
///
/// # Errors
/// When it cannot be read, or the file cannot be written or is there already.
pub async fn copy_sqlite(url: &str, to: &Path) -> Result<(), DbErr> {
    let db = sea_orm::Database::connect(sqlite_options(url, 1, false)).await?;
    let to = to.display().to_string().replace('\'', "''");
    let copied = db.execute_unprepared(&format!("vacuum into '{to}'")).await;
    db.close().await?;
    copied.map(drop)
}

/// What SQLite finds wrong with a database file; nothing when it is whole.
///
/// # Errors
/// When it cannot be read as a database at all.
pub async fn fault_of_sqlite(file: &Path) -> Result<Option<String>, DbErr> {
    let url = format!("sqlite://{}?mode=ro", file.display());
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let db = sea_orm::Database::connect(options).await?;
    let ask = |sql: &str| Statement::from_string(DbBackend::Sqlite, sql.to_owned());
    let said = db.query_one_raw(ask("pragma integrity_check")).await?;
    let said: String = said.map_or(Ok(String::new()), |row| row.try_get_by_index(0))?;
    let stray = db.query_one_raw(ask("pragma foreign_key_check")).await?;
    db.close().await?;
    match (said.as_str(), stray) {
        ("ok", None) => Ok(None),
        ("ok", Some(_)) => Ok(Some("a row points at one that is not there".to_owned())),
        _ => Ok(Some(said)),
    }
}
