//! What an operator sees and does: how each kind of work stands, and what was given up: replayed, or set aside.

use crate::db::{Sequence, Tx};
use crate::jobs::JobKind;
use entity::job;
use entity::value::{JobId, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
};
use std::collections::HashMap;

/// How a kind of work stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its name.
    pub name: &'static str,
    /// The topics it hears.
    pub hears: &'static [&'static str],
    /// Up to which position of the relay it has done everything, or given it up.
    pub cursor: i64,
    /// How many jobs wait.
    pub waiting: i64,
    /// How many were given up.
    pub given_up: i64,
    /// Since when the oldest that waits is there.
    pub oldest: Option<Timestamp>,
    /// When the next that waits is due.
    pub next_at: Option<Timestamp>,
    /// How many were done in the last day.
    pub done: i64,
    /// The last that was done: when, and how many milliseconds it took.
    pub last: Option<(Timestamp, Option<i64>)>,
}

#[derive(FromQueryResult)]
struct Open {
    name: String,
    waiting: i64,
    given_up: i64,
    oldest: Option<Timestamp>,
    next_at: Option<Timestamp>,
    first: Option<i64>,
}

#[derive(FromQueryResult)]
struct Done {
    name: String,
    done: i64,
    last: Option<Timestamp>,
}

/// How every kind of work stands, in four statements; and the last position of the relay.
///
/// # Errors
/// When the database cannot be asked.
pub async fn standings(
    db: &impl ConnectionTrait,
    kinds: &'static [JobKind],
    now: Timestamp,
) -> Result<(Vec<Standing>, i64), DbErr> {
    let head = Sequence::RELAY.last(db).await?;
    let open = job::Entity::find()
        .select_only()
        .column(job::Column::Name)
        .expr_as(Expr::cust("count(*) - count(failed_at)"), "waiting")
        .expr_as(Expr::cust("count(failed_at)"), "given_up")
        .expr_as(Expr::cust("min(case when failed_at is null then created_at end)"), "oldest")
        .expr_as(Expr::cust("min(case when failed_at is null then run_at end)"), "next_at")
        .expr_as(Expr::cust("min(case when failed_at is null then position end)"), "first")
        .filter(job::Column::DoneAt.is_null())
        .group_by(job::Column::Name)
        .into_model::<Open>()
        .all(db)
        .await?;
    let done = job::Entity::find()
        .select_only()
        .column(job::Column::Name)
        .expr_as(Expr::cust("count(*)"), "done")
        .expr_as(job::Column::DoneAt.max(), "last")
        .filter(job::Column::DoneAt.gt(now - chrono::Duration::days(1)))
        .filter(job::Column::FailedAt.is_null())
        .group_by(job::Column::Name)
        .into_model::<Done>()
        .all(db)
        .await?;
    let ends: Vec<Timestamp> = done.iter().filter_map(|row| row.last).collect();
    let took = job::Entity::find()
        .select_only()
        .columns([job::Column::Name, job::Column::DoneAt, job::Column::TookMs])
        .filter(job::Column::DoneAt.is_in(ends))
        .into_tuple::<(String, Timestamp, Option<i64>)>()
        .all(db)
        .await?;
    let took: HashMap<_, _> = took.into_iter().map(|(name, at, took)| ((name, at), took)).collect();
    let standing = |kind: &JobKind| {
        let open = open.iter().find(|row| row.name == kind.name);
        let done = done.iter().find(|row| row.name == kind.name);
        Standing {
            name: kind.name,
            hears: kind.hears,
            cursor: open.and_then(|row| row.first).map_or(head, |first| first - 1),
            waiting: open.map_or(0, |row| row.waiting),
            given_up: open.map_or(0, |row| row.given_up),
            oldest: open.and_then(|row| row.oldest),
            next_at: open.and_then(|row| row.next_at),
            done: done.map_or(0, |row| row.done),
            last: done
                .and_then(|row| row.last)
                .map(|at| (at, took.get(&(kind.name.to_owned(), at)).copied().flatten())),
        }
    };
    Ok((kinds.iter().map(standing).collect(), head))
}

fn parked() -> Select<job::Entity> {
    job::Entity::find().filter(job::Column::FailedAt.is_not_null()).filter(job::Column::DoneAt.is_null())
}

/// What was given up, the newest first; of one kind of work when it is named.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list_parked(
    db: &impl ConnectionTrait,
    name: Option<&str>,
    before: Option<JobId>,
    limit: u64,
) -> Result<Vec<job::Model>, DbErr> {
    let mut rows = parked().order_by_desc(job::Column::Id).limit(limit);
    if let Some(name) = name {
        rows = rows.filter(job::Column::Name.eq(name));
    }
    if let Some(before) = before {
        rows = rows.filter(job::Column::Id.lt(before));
    }
    rows.all(db).await
}

/// One job that was given up.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_parked(db: &impl ConnectionTrait, id: JobId) -> Result<Option<job::Model>, DbErr> {
    parked().filter(job::Column::Id.eq(id)).one(db).await
}

/// Lets jobs that were given up run again: this one, or all of a kind. Says how many.
///
/// # Errors
/// When the database refuses.
pub async fn replay(tx: &Tx, id: Option<JobId>, name: Option<&str>) -> Result<u64, DbErr> {
    tx.leave_work();
    let mut update = job::Entity::update_many()
        .col_expr(job::Column::FailedAt, Expr::value(Option::<Timestamp>::None))
        .col_expr(job::Column::LockedUntil, Expr::value(Option::<Timestamp>::None))
        .col_expr(job::Column::Attempts, Expr::value(0))
        .col_expr(job::Column::RunAt, Expr::value(tx.now()))
        .filter(job::Column::FailedAt.is_not_null())
        .filter(job::Column::DoneAt.is_null());
    if let Some(id) = id {
        update = update.filter(job::Column::Id.eq(id));
    }
    if let Some(name) = name {
        update = update.filter(job::Column::Name.eq(name));
    }
    Ok(update.exec(tx).await?.rows_affected)
}

/// Sets a job that was given up aside for good; false when it is not among them.
///
/// # Errors
/// When the database refuses.
pub async fn set_aside(tx: &Tx, id: JobId) -> Result<bool, DbErr> {
    let update = job::Entity::update_many()
        .col_expr(job::Column::DoneAt, Expr::value(tx.now()))
        .filter(job::Column::Id.eq(id))
        .filter(job::Column::FailedAt.is_not_null())
        .filter(job::Column::DoneAt.is_null());
    Ok(update.exec(tx).await?.rows_affected == 1)
}
