//! Of the audit: its rows under the seals, and those under none.

use super::{Found, ask};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// A leaf of the audit beside its row; the row's columns are empty where it is not there.
#[derive(Debug, FromQueryResult)]
pub(in crate::verify) struct AuditLine {
    pub leaf_index: i32,
    pub digest: String,
    pub audit_event_id: Uuid,
    pub at: Option<DateTime<Utc>>,
    pub person_id: Option<Uuid>,
    pub organisation_id: Option<Uuid>,
    pub role: Option<String>,
    pub operation: Option<String>,
    pub object_kind: Option<String>,
    pub object_id: Option<Uuid>,
    pub before: Option<String>,
    pub after: Option<String>,
    pub reason: Option<String>,
    pub request_id: Option<String>,
    pub address: Option<String>,
}

/// The next leaves of the audit of a seal after one.
pub(in crate::verify) async fn audit_lines(
    db: &impl ConnectionTrait,
    seal: i64,
    after: i32,
) -> Result<Vec<AuditLine>, DbErr> {
    let sql = "select l.leaf_index, l.digest, l.audit_event_id, a.at, a.person_id, a.organisation_id, a.role,
                 a.operation, a.object_kind, a.object_id, a.before, a.after, a.reason, a.request_id, a.address
               from (select * from audit_leaf where seal_number = $1 and leaf_index > $2
                     order by leaf_index limit 1000) l
               left join audit_event a on a.id = l.audit_event_id
               order by l.leaf_index";
    ask(db, sql, vec![seal.into(), after.into()]).await
}

/// A row of the audit under two seals, or twice under one.
pub(in crate::verify) async fn audit_sealed_twice(db: &impl ConnectionTrait) -> Result<Option<Uuid>, DbErr> {
    let sql = "select audit_event_id as id from audit_leaf group by audit_event_id having count(*) > 1 limit 1";
    Ok(ask::<Found>(db, sql, Vec::new()).await?.pop().map(|found| found.id))
}

/// A row of the audit under a seal that is not there.
pub(in crate::verify) async fn audit_leaf_without_seal(
    db: &impl ConnectionTrait,
    last_seal: i64,
) -> Result<Option<Uuid>, DbErr> {
    let sql = "select audit_event_id as id from audit_leaf where seal_number < 1 or seal_number > $1 limit 1";
    Ok(ask::<Found>(db, sql, vec![last_seal.into()]).await?.pop().map(|found| found.id))
}

/// The newest sealed row of the audit, by its identifier.
pub(in crate::verify) async fn newest_sealed_audit(db: &impl ConnectionTrait) -> Result<Option<Uuid>, DbErr> {
    let sql = "select audit_event_id as id from audit_leaf order by audit_event_id desc limit 1";
    Ok(ask::<Found>(db, sql, Vec::new()).await?.pop().map(|found| found.id))
}

/// The first row of the audit under no seal.
pub(in crate::verify) async fn first_unsealed_audit(db: &impl ConnectionTrait) -> Result<Option<Uuid>, DbErr> {
    let sql = "select id from audit_event where not exists
                 (select 1 from audit_leaf l where l.audit_event_id = audit_event.id) order by id limit 1";
    Ok(ask::<Found>(db, sql, Vec::new()).await?.pop().map(|found| found.id))
}

#[derive(FromQueryResult)]
struct Counted {
    rows: i64,
}

/// How many rows of the audit are under no seal.
pub(in crate::verify) async fn unsealed_audit(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let sql = "select count(*) as rows from audit_event where not exists
                 (select 1 from audit_leaf l where l.audit_event_id = audit_event.id)";
    let rows = ask::<Counted>(db, sql, Vec::new()).await?.pop().map_or(0, |counted| counted.rows);
    Ok(u64::try_from(rows).unwrap_or_default())
}
