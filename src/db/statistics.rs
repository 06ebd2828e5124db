//! What the database knows of its tables, by which it chooses an index.
//!
//! PostgreSQL looks at them by itself. SQLite looks when it is asked, and a connection reads what was found when it
//! begins: therefore connections that are older than the last look are closed when they come back to their pool.
//! <https://www.sqlite.org/pragma.html#pragma_optimize>

use super::{Database, is_at_rest};
use sea_orm::sqlx::Sqlite;
use sea_orm::sqlx::pool::{PoolConnectionMetadata, PoolOptions};
use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Look (0x02) at every table that has grown tenfold or was never looked at (0x10000). Of an index at most so many rows are
/// read, which bounds how long the writer waits; with fewer a county and a village of it would look alike.
const LOOK: &str = "pragma analysis_limit = 10000; pragma optimize = 0x10002";

/// When the tables were last looked at by this process.
#[derive(Debug, Clone, Default)]
pub(super) struct LastLook(Arc<Mutex<Option<Instant>>>);

impl LastLook {
    fn set(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether a connection began before it.
    fn is_after(&self, connection: &PoolConnectionMetadata) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|last| last.elapsed() < connection.age)
    }

    /// Lets a pool keep the connections that are at rest and know what was found.
    pub(super) fn keep(self, pool: PoolOptions<Sqlite>) -> PoolOptions<Sqlite> {
        pool.after_release(move |connection, about| {
            let is_old = self.is_after(&about);
            Box::pin(async move { Ok(!is_old && is_at_rest(connection).await?) })
        })
    }
}

impl Database {
    /// Looks at the tables anew where they grew much since the last time.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn look_at_tables(&self) -> Result<(), DbErr> {
        if self.writer.get_database_backend() == DbBackend::Sqlite {
            self.writer.execute_unprepared(LOOK).await?;
            self.last_look.set();
        }
        Ok(())
    }
}
