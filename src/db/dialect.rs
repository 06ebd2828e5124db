//! The few statements that SQLite and PostgreSQL say differently: one function each, with two arms.

use super::Tx;
use entity::value::Timestamp;
use entity::{job, outbox, sequence_head};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    Statement,
};

/// Undelivered events in the order in which they were written down. What is about one object was written by
/// transactions that waited for each other, so for each object that is the order of commits, whatever clocks say.
pub(crate) async fn undelivered_in_order(tx: &Tx, limit: u64) -> Result<Vec<outbox::Model>, DbErr> {
    let number = if tx.get_database_backend() == DbBackend::Postgres { "seq" } else { "rowid" };
    outbox::Entity::find()
        .filter(outbox::Column::DeliveredAt.is_null())
        .order_by_asc(Expr::cust(number))
        .limit(limit)
        .all(tx)
        .await
}

/// The last position of a sequence; its row is held until the transaction ends. On SQLite the transaction is the only
/// writer already.
pub(crate) async fn hold_head(tx: &Tx, sequence: &str) -> Result<i64, DbErr> {
    let row = sequence_head::Entity::find_by_id(sequence.to_owned());
    let row = match tx.get_database_backend() {
        DbBackend::Postgres => row.lock(LockType::Update).one(tx).await?,
        _ => row.one(tx).await?,
    };
    row.map(|row| row.position).ok_or_else(|| DbErr::RecordNotFound(format!("the sequence {sequence}")))
}

/// Which jobs a worker takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lane<'a> {
    /// Every name but these.
    Without(&'a [&'static str]),
    /// These names.
    Only(&'a [&'static str]),
}

impl Lane<'_> {
    /// The lane as a condition. Names are our own: letters, dots and underscores.
    fn condition(self) -> String {
        let list = |names: &[&str]| names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
        match self {
            Self::Without([]) => "1 = 1".to_owned(),
            Self::Only([]) => "1 = 0".to_owned(),
            Self::Without(names) => format!("j.name not in ({})", list(names)),
            Self::Only(names) => format!("j.name in ({})", list(names)),
        }
    }
}

/// Claims due jobs by a lease: one statement, so two workers never hold the same job. What is about one object is done
/// in its order by each kind of work: a job waits while an earlier one of its name and object is not done.
///
/// What is dated more than `skew` ahead was written by a clock that has been set back since: such a lease is nobody's, and
/// what was due by such a clock is due.
pub(crate) async fn claim_jobs(
    tx: &Tx,
    now: Timestamp,
    until: Timestamp,
    skew: chrono::Duration,
    lane: Lane<'_>,
    limit: i64,
) -> Result<Vec<job::Model>, DbErr> {
    let backend = tx.get_database_backend();
    let skip = if backend == DbBackend::Postgres { "for update of j skip locked" } else { "" };
    let sql = format!(
        "update job set locked_until = $1, began_at = $2, attempts = attempts + 1 where id in (\
           select j.id from job j where j.done_at is null and j.failed_at is null \
           and (j.run_at <= $2 or (coalesce(j.began_at, j.created_at) > $3 and (j.attempts > 0 or j.run_at <= j.created_at))) \
           and (j.locked_until is null or j.locked_until <= $2 or j.locked_until > $4) and {} \
           and (j.aggregate_id is null or not exists (\
             select 1 from job e where e.name = j.name and e.aggregate_id = j.aggregate_id \
             and e.position < j.position and e.done_at is null and e.failed_at is null)) \
           order by j.run_at, j.position, j.id limit $5 {skip}) returning *",
        lane.condition(),
    );
    let values = [until.into(), now.into(), (now + skew).into(), (until + skew).into(), limit.into()];
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let mut claimed = tx
        .query_all_raw(statement)
        .await?
        .iter()
        .map(|row| job::Model::from_query_result(row, ""))
        .collect::<Result<Vec<_>, _>>()?;
    claimed.sort_by_key(|job| (job.run_at, job.position, job.id));
    Ok(claimed)
}

/// An integer sum that decodes as `i64` on both: PostgreSQL makes NUMERIC of it otherwise.
#[must_use]
pub fn sum_as_integer(backend: DbBackend, column: &str) -> String {
    let kind = if backend == DbBackend::Postgres { "bigint" } else { "integer" };
    format!("cast(coalesce(sum({column}), 0) as {kind})")
}

/// The business day of an instant, as `business_date` tells it: the calendar day eight hours east of Greenwich.
#[must_use]
pub fn business_day(backend: DbBackend, column: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("cast(({column} at time zone 'UTC') + interval '8 hours' as date)"),
        _ => format!("date({column}, '+8 hours')"),
    }
}
