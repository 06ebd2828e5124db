//! Rows by the hundred thousand, past the house but not past the schema: every constraint and every trigger sees them.
//!
//! PostgreSQL takes them by `COPY` on a connection of its own, SQLite by statements of many rows. Both read the same
//! models, so what is measured afterwards is what the house itself would have written.

use sea_orm::sqlx::{self, Connection, Executor};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction,
    DbErr, EntityTrait, IntoActiveModel, Iterable, SqliteTransactionMode, TransactionOptions, TransactionTrait, Value,
};
use std::fmt::Write;

/// SQLite takes 32,766 bound values a statement.
const BOUND_VALUES: usize = 30_000;
/// Bytes of one piece of a `COPY`.
const PIECE: usize = 1 << 18;

/// Where rows go.
pub struct Loader {
    to: To,
}

enum To {
    Sqlite { db: DatabaseConnection, open: Option<DatabaseTransaction> },
    Postgres { connection: Box<sqlx::PgConnection>, is_open: bool },
}

fn told(error: sqlx::Error) -> DbErr {
    DbErr::Custom(error.to_string())
}

impl Loader {
    /// Connects to the database of an address.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn open(url: &str) -> Result<Self, DbErr> {
        let to = if url.starts_with("sqlite") {
            let mut options = ConnectOptions::new(url);
            options.max_connections(1).min_connections(1).sqlx_logging(false).test_before_acquire(false);
            options.map_sqlx_sqlite_opts(|sqlite| {
                let sqlite = sqlite.foreign_keys(true).busy_timeout(std::time::Duration::from_secs(60));
                // What is made up here need not survive a power cut.
                sqlite.pragma("journal_mode", "WAL").pragma("synchronous", "OFF").pragma("cache_size", "-400000")
            });
            To::Sqlite { db: Database::connect(options).await?, open: None }
        } else {
            let mut connection = sqlx::PgConnection::connect(url).await.map_err(told)?;
            connection.execute("set synchronous_commit = off").await.map_err(told)?;
            To::Postgres { connection: Box::new(connection), is_open: false }
        };
        Ok(Self { to })
    }

    /// Adds rows, in the transaction that is open or a new one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn put<E>(&mut self, rows: Vec<E::Model>) -> Result<(), DbErr>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
        E::ActiveModel: Send,
    {
        if rows.is_empty() {
            return Ok(());
        }
        match &mut self.to {
            To::Sqlite { db, open } => {
                let transaction = match open.take() {
                    Some(transaction) => transaction,
                    None => begin(db).await?,
                };
                let at_once = BOUND_VALUES / E::Column::iter().count();
                let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
                while rows.peek().is_some() {
                    let some: Vec<E::ActiveModel> = rows.by_ref().take(at_once).collect();
                    E::insert_many(some).exec_without_returning(&transaction).await?;
                }
                *open = Some(transaction);
                Ok(())
            }
            To::Postgres { connection, is_open } => {
                if !*is_open {
                    connection.execute("begin").await.map_err(told)?;
                    *is_open = true;
                }
                let columns: Vec<String> =
                    E::Column::iter().map(|column| format!("\"{}\"", sea_orm::IdenStatic::as_str(&column))).collect();
                let sql = format!("copy \"{}\" ({}) from stdin", E::default().table_name(), columns.join(", "));
                let mut copy = connection.copy_in_raw(&sql).await.map_err(told)?;
                let mut text = String::with_capacity(PIECE + 4096);
                for row in rows {
                    write_row::<E>(&mut text, row.into_active_model())?;
                    if text.len() >= PIECE {
                        copy.send(text.as_bytes()).await.map_err(told)?;
                        text.clear();
                    }
                }
                copy.send(text.as_bytes()).await.map_err(told)?;
                copy.finish().await.map(drop).map_err(told)
            }
        }
    }

    /// Ends the transaction that is open, if one is.
    ///
    /// # Errors
    /// When the database refuses: what is checked at the end.
    pub async fn commit(&mut self) -> Result<(), DbErr> {
        match &mut self.to {
            To::Sqlite { open, .. } => match open.take() {
                Some(transaction) => transaction.commit().await,
                None => Ok(()),
            },
            To::Postgres { connection, is_open } => {
                if std::mem::take(is_open) {
                    connection.execute("commit").await.map_err(told)?;
                }
                Ok(())
            }
        }
    }

    /// Carries out a statement that both databases understand, in the transaction that is open or alone.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn run(&mut self, sql: &'static str) -> Result<(), DbErr> {
        match &mut self.to {
            To::Sqlite { open: Some(transaction), .. } => transaction.execute_unprepared(sql).await.map(drop),
            To::Sqlite { db, .. } => db.execute_unprepared(sql).await.map(drop),
            To::Postgres { connection, .. } => connection.execute(sql).await.map(drop).map_err(told),
        }
    }

    /// Has the tables of a house looked at anew, as it does hourly on SQLite and PostgreSQL's server by itself.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn analyse(&mut self, house: &crate::db::Database) -> Result<(), DbErr> {
        self.commit().await?;
        match &mut self.to {
            To::Sqlite { db, .. } => {
                house.look_at_tables().await?;
                db.execute_unprepared("pragma wal_checkpoint(truncate)").await?;
                // Its own pages are not to be counted as the house's.
                db.execute_unprepared("pragma shrink_memory").await.map(drop)
            }
            To::Postgres { connection, .. } => connection.execute("vacuum analyze").await.map(drop).map_err(told),
        }
    }
}

async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let mode = Some(SqliteTransactionMode::Immediate);
    db.begin_with_options(TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() }).await
}

/// A row in PostgreSQL's own writing for `COPY`.
fn write_row<E: EntityTrait>(text: &mut String, row: E::ActiveModel) -> Result<(), DbErr> {
    for (place, column) in E::Column::iter().enumerate() {
        if place > 0 {
            text.push('\t');
        }
        match row.get(column) {
            ActiveValue::Set(value) | ActiveValue::Unchanged(value) => write_cell(text, value)?,
            ActiveValue::NotSet => text.push_str("\\N"),
        }
    }
    text.push('\n');
    Ok(())
}

fn write_cell(text: &mut String, value: Value) -> Result<(), DbErr> {
    let written = match value {
        Value::Bool(Some(value)) => text.write_str(if value { "t" } else { "f" }),
        Value::SmallInt(Some(value)) => write!(text, "{value}"),
        Value::Int(Some(value)) => write!(text, "{value}"),
        Value::BigInt(Some(value)) => write!(text, "{value}"),
        Value::Uuid(Some(value)) => write!(text, "{value}"),
        Value::ChronoDate(Some(value)) => write!(text, "{value}"),
        Value::ChronoDateTimeUtc(Some(value)) => write!(text, "{}", value.format("%Y-%m-%dT%H:%M:%S%.6fZ")),
        Value::String(Some(value)) => {
            for character in value.chars() {
                match character {
                    '\\' => text.push_str("\\\\"),
                    '\t' => text.push_str("\\t"),
                    '\n' => text.push_str("\\n"),
                    '\r' => text.push_str("\\r"),
                    other => text.push(other),
                }
            }
            Ok(())
        }
        Value::Bool(None)
        | Value::SmallInt(None)
        | Value::Int(None)
        | Value::BigInt(None)
        | Value::Uuid(None)
        | Value::ChronoDate(None)
        | Value::ChronoDateTimeUtc(None)
        | Value::String(None) => text.write_str("\\N"),
        other => return Err(DbErr::Custom(format!("a cell of a kind that is not copied: {other:?}"))),
    };
    written.map_err(|error| DbErr::Custom(error.to_string()))
}
