//! Of the seals: the links of the chain and the postings under each.

use super::{Found, ask, journal::PostingLine};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, QueryResult, Statement};
use uuid::Uuid;

/// A link of the chain.
#[derive(Debug, FromQueryResult)]
pub(in crate::verify) struct SealRow {
    pub number: i64,
    pub posting_count: i64,
    pub merkle_root: String,
    pub previous_hash: String,
    pub hash: String,
    pub signature: String,
    pub public_key: String,
    pub sealed_at: DateTime<Utc>,
    pub audit_count: Option<i64>,
    pub audit_root: Option<String>,
    pub vouched_by: Option<String>,
}

/// The next seals from a number on.
pub(in crate::verify) async fn seals(db: &impl ConnectionTrait, from: i64) -> Result<Vec<SealRow>, DbErr> {
    let sql = "select number, posting_count, merkle_root, previous_hash, hash, signature, public_key, sealed_at,
                 audit_count, audit_root, vouched_by
               from seal where number >= $1 order by number limit 1000";
    ask(db, sql, vec![from.into()]).await
}

/// One entry of a sealed posting; leaves whose posting is not there are left out.
pub(in crate::verify) struct SealedLine {
    pub leaf_index: i32,
    pub leaf_digest: String,
    pub line: PostingLine,
}

/// The next leaves of a seal after one, as they come from the database: reading them is work for another core.
pub(in crate::verify) async fn sealed_rows(
    db: &impl ConnectionTrait,
    seal: i64,
    after: i32,
    limit: i64,
) -> Result<Vec<QueryResult>, DbErr> {
    let sql = "select l.leaf_index, l.digest, p.id, p.cause, p.kind, p.business_date, p.object_id, p.digest, p.salt,
                 e.line_no, e.account_id, e.side, e.amount_fen, e.supplier_order_id,
                 p.posted_at, p.rule_version, p.inputs_hash
               from (select * from seal_leaf where seal_number = $1 and leaf_index > $2
                     order by leaf_index limit $3) l
               join posting p on p.id = l.posting_id
               left join entry e on e.posting_id = p.id
               order by l.leaf_index, e.line_no";
    let values = vec![seal.into(), after.into(), limit.into()];
    db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await
}

/// Reads what [`sealed_rows`] gave, by position: names cost more than the hashing.
pub(in crate::verify) fn sealed_line(row: &QueryResult) -> Result<SealedLine, DbErr> {
    Ok(SealedLine {
        leaf_index: row.try_get_by_index(0)?,
        leaf_digest: row.try_get_by_index(1)?,
        line: PostingLine {
            id: row.try_get_by_index(2)?,
            cause: row.try_get_by_index(3)?,
            kind: row.try_get_by_index(4)?,
            business_date: row.try_get_by_index(5)?,
            object_id: row.try_get_by_index(6)?,
            digest: row.try_get_by_index(7)?,
            salt: row.try_get_by_index(8)?,
            line_no: row.try_get_by_index(9)?,
            account_id: row.try_get_by_index(10)?,
            side: row.try_get_by_index(11)?,
            amount_fen: row.try_get_by_index(12)?,
            supplier_order_id: row.try_get_by_index(13)?,
            posted_at: row.try_get_by_index(14)?,
            rule_version: row.try_get_by_index(15)?,
            inputs_hash: row.try_get_by_index(16)?,
        },
    })
}

/// The posting that a leaf names.
pub(in crate::verify) async fn posting_of_leaf(
    db: &impl ConnectionTrait,
    seal: i64,
    index: i64,
) -> Result<Option<Uuid>, DbErr> {
    let sql = "select posting_id as id from seal_leaf where seal_number = $1 and leaf_index = $2";
    Ok(ask::<Found>(db, sql, vec![seal.into(), index.into()]).await?.pop().map(|found| found.id))
}

/// A posting under two seals, or twice under one.
pub(in crate::verify) async fn posting_sealed_twice(db: &impl ConnectionTrait) -> Result<Option<Uuid>, DbErr> {
    let sql = "select posting_id as id from seal_leaf group by posting_id having count(*) > 1 limit 1";
    Ok(ask::<Found>(db, sql, Vec::new()).await?.pop().map(|found| found.id))
}

/// A posting under a seal that is not there.
pub(in crate::verify) async fn leaf_without_seal(
    db: &impl ConnectionTrait,
    last_seal: i64,
) -> Result<Option<Uuid>, DbErr> {
    let sql = "select posting_id as id from seal_leaf where seal_number < 1 or seal_number > $1 limit 1";
    Ok(ask::<Found>(db, sql, vec![last_seal.into()]).await?.pop().map(|found| found.id))
}
