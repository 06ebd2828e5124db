//! Later changes of tables that hold rows: what a column may contain, and columns more.
//!
//! Promises: the same result on SQLite and on PostgreSQL, inside the transaction of the migration; no row is copied.
//!
//! SQLite has no `alter table … drop constraint`. Its documentation allows for changes that leave the stored rows as
//! they are (a check is one) to write the table's text in `sqlite_schema` anew:
//! <https://www.sqlite.org/lang_altertable.html#otheralter>.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

/// Lets the column made by `TableDraft::choice` hold these values, and no others.
///
/// # Errors
/// What the database says; also when the table has no such check.
pub async fn choices(manager: &SchemaManager<'_>, table: &str, column: &str, all: &[&str]) -> Result<(), DbErr> {
    let list = all.iter().map(|value| format!("'{value}'")).collect::<Vec<_>>().join(", ");
    check(manager, table, &format!("ck_{table}_{column}"), &format!("\"{column}\" in ({list})")).await
}

/// Replaces the condition of the check `name`. Rows that stand must fulfil it: a wider one is always safe.
///
/// # Errors
/// What the database says; also when the table has no such check.
pub async fn check(manager: &SchemaManager<'_>, table: &str, name: &str, condition: &str) -> Result<(), DbErr> {
    let db = manager.get_connection();
    if manager.get_database_backend() == DbBackend::Postgres {
        let sql = format!(
            "alter table \"{table}\" drop constraint \"{name}\", add constraint \"{name}\" check ({condition})"
        );
        return db.execute_unprepared(&sql).await.map(drop);
    }
    let ask = |sql: &str| Statement::from_string(DbBackend::Sqlite, sql.to_owned());
    let text = format!("select sql from sqlite_schema where type = 'table' and name = '{table}'");
    let missing = || DbErr::Migration(format!("the table {table} has no check {name}"));
    let old: String = db.query_one_raw(ask(&text)).await?.ok_or_else(missing)?.try_get("", "sql")?;
    let new = with_condition(&old, name, condition).ok_or_else(missing)?;
    let version: i32 = match db.query_one_raw(ask("pragma schema_version")).await? {
        Some(row) => row.try_get("", "schema_version")?,
        None => return Err(missing()),
    };
    db.execute_unprepared("pragma writable_schema = on").await?;
    let write = "update sqlite_schema set sql = ? where type = 'table' and name = ?";
    db.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, write, [new.into(), table.into()])).await?;
    // Another schema version makes every connection read the tables anew.
    db.execute_unprepared(&format!("pragma schema_version = {}", version + 1)).await?;
    db.execute_unprepared("pragma writable_schema = off").await.map(drop)
}

/// The text of a table with another condition in its check `name`.
fn with_condition(table: &str, name: &str, condition: &str) -> Option<String> {
    let head = format!("CONSTRAINT \"{name}\" CHECK (");
    let start = table.find(&head)? + head.len();
    let (mut depth, mut quoted) = (1_u32, false);
    for (offset, character) in table[start..].char_indices() {
        match character {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(format!("{}{condition}{}", &table[..start], &table[start + offset..]));
        }
    }
    None
}

/// Adds a column. `definition` is what follows the name and is understood by both databases: `bigint not null default
/// 0`, `text`, `boolean not null default false`. SQLite keeps uuids as `uuid_text` and instants as
/// `timestamp_with_timezone_text`; those two have their own functions.
///
/// # Errors
/// What the database says.
pub async fn add(manager: &SchemaManager<'_>, table: &str, column: &str, definition: &str) -> Result<(), DbErr> {
    let sql = format!("alter table \"{table}\" add column \"{column}\" {definition}");
    manager.get_connection().execute_unprepared(&sql).await.map(drop)
}

/// Adds a column of a UUID that may be absent, pointing at the `id` of `points_at` where that is given.
///
/// # Errors
/// What the database says.
pub async fn add_uuid(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
    points_at: Option<&str>,
) -> Result<(), DbErr> {
    let kind = if manager.get_database_backend() == DbBackend::Postgres { "uuid" } else { "uuid_text" };
    let reference = points_at.map(|to| format!(" references \"{to}\" (\"id\") on delete restrict")).unwrap_or_default();
    add(manager, table, column, &format!("{kind}{reference}")).await
}

/// Adds a column of an instant that may be absent.
///
/// # Errors
/// What the database says.
pub async fn add_timestamp(manager: &SchemaManager<'_>, table: &str, column: &str) -> Result<(), DbErr> {
    let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
    let kind = if is_postgres { "timestamp with time zone" } else { "timestamp_with_timezone_text" };
    add(manager, table, column, kind).await
}

#[cfg(test)]
mod tests {
    use super::with_condition;

    #[test]
    fn the_condition_between_its_own_parentheses_is_replaced() {
        let table = r#"CREATE TABLE "t" ( "a" text, CONSTRAINT "ck_t_a" CHECK ("a" in ('x)', 'y')), CONSTRAINT "ck_b" CHECK (1) )"#;
        let wider =
            r#"CREATE TABLE "t" ( "a" text, CONSTRAINT "ck_t_a" CHECK ("a" = 'z'), CONSTRAINT "ck_b" CHECK (1) )"#;
        assert_eq!(with_condition(table, "ck_t_a", r#""a" = 'z'"#).as_deref(), Some(wider));
        assert_eq!(with_condition(table, "ck_c", "1"), None);
    }
}
