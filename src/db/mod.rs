//! The database: its pools, and [`Tx`], one transaction with one instant, one actor and its audit rows.
//!
//! Promises: a write outside a transaction does not compile (writes take `&Tx`); on SQLite there is one writer
//! and every transaction begins immediately, so none is refused half-way; foreign keys are always on.
//! Knows no table but its own: the audit, the outbox, and the heads of sequences.

mod audit;
pub mod copy;
pub mod dialect;
pub mod facts;
pub mod grants;
mod outbox;
mod statistics;

pub use audit::{AuditSearch, Change, list_audit, search_audit};
pub use outbox::{Event, Sequence, Undelivered, undelivered};
pub(crate) use outbox::{claim_outbox, has_undelivered, mark_delivered};
use statistics::LastLook;

use crate::access::Actor;
use entity::value::Timestamp;
use sea_orm::prelude::async_trait;
use sea_orm::sqlx::{self, Connection, SqliteConnection};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, RuntimeErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use std::time::Duration;

/// How long a database may take to answer for the first time.
const FIRST_ANSWER: Duration = Duration::from_secs(10);

/// The pools: one writer beside several readers on SQLite, one pool on PostgreSQL.
#[derive(Debug, Clone)]
pub struct Database {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    last_look: LastLook,
}

/// The connections of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// Open, in use or not.
    pub open: u32,
    /// Open and not in use.
    pub idle: u32,
}

impl Database {
    /// Opens the pools.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn open(url: &str, pool: u32) -> Result<Self, DbErr> {
        if url.starts_with("sqlite") {
            let last_look = LastLook::default();
            let open = |connections, read_only| {
                let mut options = sqlite_options(url, connections, read_only);
                let last_look = last_look.clone();
                options.map_sqlx_sqlite_pool_opts(move |pool| last_look.clone().keep(pool));
                sea_orm::Database::connect(options)
            };
            let (writer, reader) = (open(1, false).await?, open(pool.min(8), true).await?);
            Ok(Self { writer, reader, last_look })
        } else {
            let both = sea_orm::Database::connect(postgres_options(url, pool)).await?;
            Ok(Self { writer: both.clone(), reader: both, last_look: LastLook::default() })
        }
    }

    /// Brings the schema up to date, on a connection of its own that is closed afterwards.
    ///
    /// # Errors
    /// When a migration fails.
    pub async fn migrate(url: &str) -> Result<(), DbErr> {
        let mut options =
            if url.starts_with("sqlite") { sqlite_options(url, 1, false) } else { postgres_options(url, 2) };
        // The first to knock: whoever starts the program with a wrong address learns it soon.
        options.acquire_timeout(FIRST_ANSWER);
        let connection = sea_orm::Database::connect(options).await?;
        let migrated = migration::migrate(&connection).await;
        connection.close().await?;
        migrated
    }

    /// For reads outside a transaction.
    #[must_use]
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// How many connections the pool for reads has open, and how many of them nobody uses.
    #[must_use]
    pub fn pool(&self) -> Pool {
        let (open, idle) = match self.reader.get_database_backend() {
            DbBackend::Postgres => {
                let pool = self.reader.get_postgres_connection_pool();
                (pool.size(), pool.num_idle())
            }
            _ => {
                let pool = self.reader.get_sqlite_connection_pool();
                (pool.size(), pool.num_idle())
            }
        };
        Pool { open, idle: u32::try_from(idle).unwrap_or(u32::MAX) }
    }

    /// Begins a transaction. Only `App::transact` and the job queue call this.
    pub(crate) async fn begin(&self, actor: Actor, now: Timestamp, request: &str) -> Result<Tx, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let inner = self.writer.begin_with_options(options).await?;
        let address = crate::http::trace::current_address();
        Ok(Tx {
            inner,
            actor,
            now,
            request: request.to_owned(),
            address,
            has_work: false.into(),
            along: Default::default(),
        })
    }

    /// Closes the pools.
    ///
    /// # Errors
    /// When a connection cannot be closed.
    pub async fn close(self) -> Result<(), DbErr> {
        let Self { writer, reader, .. } = self;
        reader.close_by_ref().await?;
        writer.close().await
    }
}

fn sqlite_options(url: &str, connections: u32, read_only: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(60))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(30))
                .pragma("journal_mode", "WAL")
                // What was acknowledged survives a power cut.
                .pragma("synchronous", "FULL")
                .pragma("cache_size", "-16000")
                .pragma("temp_store", "memory");
            if read_only { sqlite.pragma("query_only", "ON") } else { sqlite }
        });
    options
}

/// Whether a connection that comes back to its pool is in no transaction. Where the disk is full SQLite ends the
/// transaction by itself, the driver's own end of it then fails, and it would begin no other on this connection.
async fn is_at_rest(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // What was dropped unfinished is rolled back before this is answered.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

fn postgres_options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(connections.min(2))
        .acquire_timeout(Duration::from_secs(60))
        .idle_timeout(Duration::from_secs(600))
        .max_lifetime(Duration::from_secs(1800))
        .test_before_acquire_if_idle_for(Duration::from_secs(30))
        .sqlx_logging(false)
        // Nobody waits for ever behind a lock: the waiting request is told to come again.
        .map_sqlx_postgres_opts(|postgres| {
            postgres.application_name("liannong").options([
                ("lock_timeout", "10s"),
                ("statement_timeout", "60s"),
                // No disk turns any more: at the default of 4, a thousand households are looked for by reading all entries.
                ("random_page_cost", "1.1"),
            ])
        });
    options
}

/// One unit of work: everything that must be true together.
#[derive(Debug)]
pub struct Tx {
    inner: DatabaseTransaction,
    actor: Actor,
    now: Timestamp,
    request: String,
    address: Option<String>,
    has_work: std::sync::atomic::AtomicBool,
    along: std::sync::Mutex<Vec<entity::outbox::ActiveModel>>,
}

impl Tx {
    /// Says that this transaction leaves something for the worker: an event or a job.
    pub(crate) fn leave_work(&self) {
        self.has_work.store(true, std::sync::atomic::Ordering::Relaxed);
    }

    /// Whether the worker has something to do once this is committed.
    pub(crate) fn has_work(&self) -> bool {
        self.has_work.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// The one instant of this transaction.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Who does it.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The request it belongs to.
    #[must_use]
    pub fn request(&self) -> &str {
        &self.request
    }

    /// The address it came from; none for work of the house itself.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        self.address.as_deref()
    }

    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        self.emit_waiting().await?;
        self.inner.commit().await
    }

    pub(crate) async fn rollback(self) -> Result<(), DbErr> {
        self.inner.rollback().await
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        count_statement();
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        count_statement();
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        count_statement();
        self.inner.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        count_statement();
        self.inner.query_all_raw(statement).await
    }
}

tokio::task_local! {
    /// Counts the statements of the transactions run inside, for tests of hot paths.
    static STATEMENTS: std::cell::Cell<u32>;
}

fn count_statement() {
    // Outside a counted scope there is nothing to count in.
    let _uncounted = STATEMENTS.try_with(|count| count.set(count.get() + 1));
}

/// Runs `work` and tells how many statements its transactions sent.
pub async fn counting_statements<T>(work: impl Future<Output = T>) -> (T, u32) {
    STATEMENTS
        .scope(std::cell::Cell::new(0), async {
            let done = work.await;
            (done, STATEMENTS.with(std::cell::Cell::get))
        })
        .await
}

fn database_code(error: &DbErr) -> Option<String> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(e))
        | DbErr::Query(RuntimeErr::SqlxError(e))
        | DbErr::Conn(RuntimeErr::SqlxError(e)) => {
            e.as_database_error().and_then(|e| e.code()).map(std::borrow::Cow::into_owned)
        }
        _ => None,
    }
}

/// Whether the transaction may succeed when run again: serialization failure, deadlock, lock wait, busy file.
#[must_use]
pub fn is_transient(error: &DbErr) -> bool {
    // PostgreSQL 40001, 40P01, 55P03; SQLite 5, 6, 261, 517.
    matches!(error, DbErr::ConnectionAcquire(_))
        || database_code(error)
            .is_some_and(|code| matches!(code.as_str(), "40001" | "40P01" | "55P03" | "5" | "6" | "261" | "517"))
}

/// Whether the disk took no more.
#[must_use]
pub fn is_full(error: &DbErr) -> bool {
    // PostgreSQL 53100; SQLite's full, and a write, a sync or the growing of its shared memory that failed.
    database_code(error).is_some_and(|code| matches!(code.as_str(), "53100" | "13" | "778" | "1034" | "4874"))
}

/// Whether a lock was waited for too long (PostgreSQL only).
#[must_use]
pub fn is_lock_timeout(error: &DbErr) -> bool {
    database_code(error).is_some_and(|code| code == "55P03")
}

/// Whether an insert or update met the unique key over these columns.
///
/// PostgreSQL names the index, which is `ux_<table>_<columns>` by our convention; SQLite names the columns.
#[must_use]
pub fn is_duplicate(error: &DbErr, table: &str, columns: &[&str]) -> bool {
    match error.sql_err() {
        Some(sea_orm::SqlErr::UniqueConstraintViolation(message)) => {
            let index = format!("ux_{table}_{}", columns.join("_"));
            let named = columns.iter().map(|column| format!("{table}.{column}")).collect::<Vec<_>>().join(", ");
            message.contains(&format!("\"{index}\"")) || message.ends_with(&format!(": {named}"))
        }
        _ => false,
    }
}

/// Whether this rule of the database refused the row: a check constraint or one of the triggers, by its name.
///
/// A trigger has no constraint's error code on SQLite, but both databases put the rule's name in the text.
#[must_use]
pub fn is_refused_by(error: &DbErr, rule: &str) -> bool {
    matches!(error, DbErr::Exec(RuntimeErr::SqlxError(e)) | DbErr::Query(RuntimeErr::SqlxError(e))
        if e.as_database_error().is_some_and(|e| e.constraint() == Some(rule) || e.message().contains(rule)))
}
