//! Seals and their leaves in the database. Postings and the audit are others' and only read here.

use super::SealError;
use crate::db::{self, Tx};
use crate::ledger::merkle::Hash;
use entity::value::{AuditEventId, PostingId, Timestamp};
use entity::{audit_event, audit_leaf, posting, seal, seal_leaf};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

/// Leaves in one insert: four columns each, and SQLite takes 32,766 bound values.
const CHUNK: usize = 7_500;
/// How far before the newest sealed posting the short search begins. No transaction stays open for so long.
const LATEST_COMMIT_MS: u128 = 3_600_000;

/// The newest seal. It is not held: who seals at the same moment finds the number taken, and an account that may not
/// change seals may not lock them either.
pub(super) async fn head(tx: &Tx) -> Result<Option<seal::Model>, DbErr> {
    seal::Entity::find().order_by_desc(seal::Column::Number).one(tx).await
}

/// The newest posting that is sealed, by its identifier.
pub(super) async fn newest_sealed(tx: &Tx) -> Result<Option<Uuid>, DbErr> {
    let newest = seal_leaf::Entity::find().order_by_desc(seal_leaf::Column::PostingId).one(tx).await?;
    Ok(newest.map(|leaf| leaf.posting_id.uuid()))
}

/// Unsealed postings with their digests, in the order of their identifiers.
pub(super) async fn unsealed(
    tx: &Tx,
    newest_sealed: Option<Uuid>,
    limit: u64,
) -> Result<Vec<(PostingId, String)>, DbErr> {
    let absent = r#"not exists (select 1 from "seal_leaf" where "seal_leaf"."posting_id" = "posting"."id")"#;
    let mut rows = posting::Entity::find()
        .select_only()
        .column(posting::Column::Id)
        .column(posting::Column::Digest)
        .filter(Expr::cust(absent))
        .order_by_asc(posting::Column::Id)
        .limit(limit);
    if let Some(newest) = newest_sealed {
        rows = rows.filter(posting::Column::Id.gt(an_hour_before(newest)));
    }
    rows.into_tuple().all(tx).await
}

/// The newest row of the audit that is sealed, by its identifier.
pub(super) async fn newest_sealed_audit(tx: &Tx) -> Result<Option<Uuid>, DbErr> {
    let newest = audit_leaf::Entity::find().order_by_desc(audit_leaf::Column::AuditEventId).one(tx).await?;
    Ok(newest.map(|leaf| leaf.audit_event_id.uuid()))
}

/// Unsealed rows of the audit, in the order of their identifiers.
pub(super) async fn unsealed_audit(
    tx: &Tx,
    newest_sealed: Option<Uuid>,
    limit: u64,
) -> Result<Vec<audit_event::Model>, DbErr> {
    let absent = r#"not exists (select 1 from "audit_leaf" where "audit_leaf"."audit_event_id" = "audit_event"."id")"#;
    let mut rows =
        audit_event::Entity::find().filter(Expr::cust(absent)).order_by_asc(audit_event::Column::Id).limit(limit);
    if let Some(newest) = newest_sealed {
        rows = rows.filter(audit_event::Column::Id.gt(an_hour_before(newest)));
    }
    rows.all(tx).await
}

pub(super) async fn insert_audit(tx: &Tx, seal: i64, rows: &[(AuditEventId, Hash)]) -> Result<(), SealError> {
    let mut index = 0;
    for some in rows.chunks(CHUNK) {
        let mut leaves = Vec::with_capacity(some.len());
        for (row, digest) in some {
            leaves.push(audit_leaf::ActiveModel {
                seal_number: Set(seal),
                leaf_index: Set(index),
                audit_event_id: Set(*row),
                digest: Set(hex::encode(digest)),
            });
            index += 1;
        }
        audit_leaf::Entity::insert_many(leaves).exec_without_returning(tx).await.map_err(|error| {
            let is_taken = db::is_duplicate(&error, "audit_leaf", &["audit_event_id"]);
            if is_taken { SealError::Racing(error) } else { error.into() }
        })?;
    }
    Ok(())
}

/// The smallest identifier of the hour before: the upper 48 bits of a UUIDv7 are milliseconds.
fn an_hour_before(id: Uuid) -> Uuid {
    Uuid::from_u128((id.as_u128() >> 80).saturating_sub(LATEST_COMMIT_MS) << 80)
}

pub(super) async fn insert(tx: &Tx, seal: &seal::Model, postings: &[(PostingId, String)]) -> Result<(), SealError> {
    seal::Entity::insert(seal.clone().into_active_model()).exec_without_returning(tx).await.map_err(|error| {
        // The primary key: PostgreSQL names the constraint, SQLite the column.
        let is_taken = matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)));
        if is_taken { SealError::Racing(error) } else { error.into() }
    })?;
    let mut index = 0;
    for some in postings.chunks(CHUNK) {
        let mut rows = Vec::with_capacity(some.len());
        for (posting, digest) in some {
            rows.push(seal_leaf::ActiveModel {
                seal_number: Set(seal.number),
                leaf_index: Set(index),
                posting_id: Set(*posting),
                digest: Set(digest.clone()),
            });
            index += 1;
        }
        seal_leaf::Entity::insert_many(rows).exec_without_returning(tx).await.map_err(|error| {
            if db::is_duplicate(&error, "seal_leaf", &["posting_id"]) { SealError::Racing(error) } else { error.into() }
        })?;
    }
    Ok(())
}

pub(super) async fn find(db: &impl ConnectionTrait, number: i64) -> Result<Option<seal::Model>, DbErr> {
    seal::Entity::find().filter(seal::Column::Number.eq(number)).one(db).await
}

pub(super) async fn list(
    db: &impl ConnectionTrait,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<seal::Model>, DbErr> {
    let mut rows = seal::Entity::find().order_by_desc(seal::Column::Number).limit(limit);
    if let Some(before) = before {
        rows = rows.filter(seal::Column::Number.lt(before));
    }
    rows.all(db).await
}

pub(super) async fn leaves_of(
    db: &impl ConnectionTrait,
    postings: &[PostingId],
) -> Result<Vec<seal_leaf::Model>, DbErr> {
    let mut found = Vec::with_capacity(postings.len());
    for some in postings.chunks(CHUNK) {
        let rows = seal_leaf::Entity::find().filter(seal_leaf::Column::PostingId.is_in(some.iter().copied()));
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}

pub(super) async fn digests(db: &impl ConnectionTrait, number: i64) -> Result<Vec<String>, DbErr> {
    seal_leaf::Entity::find()
        .select_only()
        .column(seal_leaf::Column::Digest)
        .filter(seal_leaf::Column::SealNumber.eq(number))
        .order_by_asc(seal_leaf::Column::LeafIndex)
        .into_tuple()
        .all(db)
        .await
}

/// When the newest seal was made, if there is one.
///
/// # Errors
/// When the database cannot be asked.
pub async fn last_sealed_at(db: &impl ConnectionTrait) -> Result<Option<Timestamp>, DbErr> {
    let newest = seal::Entity::find().order_by_desc(seal::Column::Number).one(db).await?;
    Ok(newest.map(|seal| seal.sealed_at))
}
