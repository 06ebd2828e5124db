//! What the database account of a serving house may do on PostgreSQL: everything it needs and no more.
//!
//! Promises: the account reads every table, adds to every table, and changes or deletes nothing in those that are
//! append-only (journal, audit, seals and whatever else has the trigger); it makes, alters and drops nothing, so it can
//! take no trigger away. The list is read from the database: a table made append-only later is covered when the grants
//! are given again, which is part of every upgrade.
//! Knows no table by name but those of the schema's own history.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

/// Why no grants are given.
#[derive(Debug, thiserror::Error)]
pub enum GrantsError {
    /// SQLite has no accounts.
    #[error("SQLite has no accounts; who can open the file can change it, and `liannong verify` finds it")]
    NotPostgres,
    /// Not a name that needs no quotes.
    #[error(
        "a database account is named by small letters, digits and underscores, at most 63, beginning with a letter"
    )]
    Name,
    /// The database.
    #[error("asking the database: {0}")]
    Database(#[from] DbErr),
}

/// The statements that give `account` what a serving house needs, in their order.
///
/// # Errors
/// [`GrantsError`].
pub async fn statements(db: &impl ConnectionTrait, account: &str) -> Result<Vec<String>, GrantsError> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Err(GrantsError::NotPostgres);
    }
    let is_plain = account.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !is_plain || account.len() > 63 || !account.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err(GrantsError::Name);
    }
    let sql = "select c.relname as name, current_database() as database,
                 exists (select 1 from pg_trigger t where t.tgrelid = c.oid
                         and t.tgname = c.relname || '_append_only') as append_only
               from pg_class c join pg_namespace n on n.oid = c.relnamespace
               where n.nspname = 'public' and c.relkind in ('r', 'p') order by c.relname";
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    let mut all = vec![
        "revoke create on schema public from public".to_owned(),
        format!("revoke all on all tables in schema public from {account}"),
        format!("grant usage on schema public to {account}"),
    ];
    for row in &rows {
        let name: String = row.try_get("", "name")?;
        let append_only: bool = row.try_get("", "append_only")?;
        let rights = match name.as_str() {
            // The history of the schema is its owner's.
            "seaql_migrations" | "migration_lock" => "select",
            _ if append_only => "select, insert",
            _ => "select, insert, update, delete",
        };
        all.push(format!("grant {rights} on \"{name}\" to {account}"));
    }
    Ok(all)
}
