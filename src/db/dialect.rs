//! The few statements that SQLite and PostgreSQL say differently: one function each, with two arms.

use super::Tx;
use entity::value::Timestamp;
use entity::{job, outbox};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    Statement,
};

/// Undelivered events, oldest first. On PostgreSQL rows locked by another relay are passed over;
/// on SQLite the transaction is the only writer already.
pub(crate) async fn lock_undelivered(tx: &Tx, limit: u64) -> Result<Vec<outbox::Model>, DbErr> {
    let rows = outbox::Entity::find()
        .filter(outbox::Column::DeliveredAt.is_null())
        .order_by_asc(outbox::Column::Id)
        .limit(limit);
    match tx.get_database_backend() {
        DbBackend::Postgres => rows.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).all(tx).await,
        _ => rows.all(tx).await,
    }
}

/// Claims due jobs by a lease: one statement, so two workers never hold the same job.
pub(crate) async fn claim_jobs(
    tx: &Tx,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<job::Model>, DbErr> {
    let backend = tx.get_database_backend();
    let skip = if backend == DbBackend::Postgres { "for update skip locked" } else { "" };
    let marks: [&str; 5] =
        if backend == DbBackend::Postgres { ["$1", "$2", "$3", "$4", "$5"] } else { ["?", "?", "?", "?", "?"] };
    let sql = format!(
        "update job set locked_until = {}, attempts = attempts + 1 where id in (\
           select id from job where done_at is null and failed_at is null and run_at <= {} \
           and (locked_until is null or locked_until <= {}) order by run_at, id limit {} {skip}) returning *",
        marks[0], marks[1], marks[2], marks[3]
    );
    let statement = Statement::from_sql_and_values(backend, sql, [until.into(), now.into(), now.into(), limit.into()]);
    let mut claimed = tx
        .query_all_raw(statement)
        .await?
        .iter()
        .map(|row| job::Model::from_query_result(row, ""))
        .collect::<Result<Vec<_>, _>>()?;
    claimed.sort_by_key(|job| (job.run_at, job.id));
    Ok(claimed)
}

/// An integer sum that decodes as `i64` on both: PostgreSQL makes NUMERIC of it otherwise.
#[must_use]
pub fn sum_as_integer(backend: DbBackend, column: &str) -> String {
    let kind = if backend == DbBackend::Postgres { "bigint" } else { "integer" };
    format!("cast(coalesce(sum({column}), 0) as {kind})")
}
