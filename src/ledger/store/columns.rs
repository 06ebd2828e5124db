//! Many rows in one statement on PostgreSQL: a column is one bound text, taken apart by the server.
//!
//! A statement of a thousand rows has six bound values and one text for ever, so it is parsed once; with a value for
//! each cell, parsing costs more than writing.

use crate::db::Tx;
use entity::{account, entry};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};
use std::fmt::Write;

/// A column of an array in PostgreSQL's own writing. Only for values without commas, quotes and braces: identifiers,
/// numbers and our fixed words.
fn array<T: std::fmt::Display>(values: impl Iterator<Item = Option<T>>) -> Value {
    let mut text = "{".to_owned();
    for value in values {
        let written = match value {
            Some(value) => write!(text, "{value},"),
            None => text.write_str("NULL,"),
        };
        // Writing into memory does not fail.
        debug_assert!(written.is_ok());
    }
    if text.ends_with(',') {
        text.pop();
    }
    text.push('}');
    text.into()
}

async fn run(tx: &Tx, sql: &'static str, columns: Vec<Value>) -> Result<(), DbErr> {
    tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, columns)).await.map(drop)
}

/// Inserts accounts, or adds to those that are there, in the order given.
pub(super) async fn insert_accounts(tx: &Tx, rows: &[account::Model]) -> Result<(), DbErr> {
    const SQL: &str = "insert into account (id, kind, owner_id, part_id, debit_fen, credit_fen, guard)
        select * from unnest($1::text::uuid[], $2::text::text[], $3::text::uuid[], $4::text::uuid[],
                             $5::text::bigint[], $6::text::bigint[], $7::text::text[])
        on conflict (id) do update set debit_fen = account.debit_fen + excluded.debit_fen,
                                       credit_fen = account.credit_fen + excluded.credit_fen";
    let columns = vec![
        array(rows.iter().map(|row| Some(row.id))),
        array(rows.iter().map(|row| Some(row.kind))),
        array(rows.iter().map(|row| Some(row.owner_id))),
        array(rows.iter().map(|row| row.part_id)),
        array(rows.iter().map(|row| Some(row.debit_fen))),
        array(rows.iter().map(|row| Some(row.credit_fen))),
        array(rows.iter().map(|row| Some(row.guard))),
    ];
    run(tx, SQL, columns).await
}

/// Inserts entries.
pub(super) async fn insert_entries(tx: &Tx, rows: &[entry::Model]) -> Result<(), DbErr> {
    const SQL: &str = "insert into entry (posting_id, line_no, account_id, side, amount_fen, supplier_order_id)
        select * from unnest($1::text::uuid[], $2::text::int[], $3::text::uuid[], $4::text::text[],
                             $5::text::bigint[], $6::text::uuid[])";
    let columns = vec![
        array(rows.iter().map(|row| Some(row.posting_id))),
        array(rows.iter().map(|row| Some(row.line_no))),
        array(rows.iter().map(|row| Some(row.account_id))),
        array(rows.iter().map(|row| Some(row.side))),
        array(rows.iter().map(|row| Some(row.amount_fen.get()))),
        array(rows.iter().map(|row| row.supplier_order_id)),
    ];
    run(tx, SQL, columns).await
}
