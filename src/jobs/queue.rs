//! The queue: enqueue in a transaction, claim by lease, finish or put off.

use crate::access::Actor;
use crate::app::App;
use crate::db::Tx;
use crate::db::dialect::{self, Lane};
use crate::jobs::{ERASED_AT_ONCE, Envelope, JobError, JobKind};
use crate::problem::Failure;
use entity::value::{JobId, Timestamp};
use entity::{job, outbox};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use std::time::Duration;
use uuid::Uuid;

/// How long a worker holds a job; one that lives holds it on (`hold_on`), one that died loses it to another.
pub(super) const LEASE: chrono::Duration = chrono::Duration::seconds(60);
/// By how much the clocks of servers may differ. What is dated further ahead than a right clock could have dated it was
/// written by one that has been set back since.
pub(super) const SKEW: chrono::Duration = chrono::Duration::minutes(10);
/// After so many attempts a job is kept for somebody to look at.
const ATTEMPTS: i32 = 12;

/// Enqueues a job in the caller's transaction.
///
/// # Errors
/// When the database refuses.
pub async fn enqueue(tx: &Tx, name: &str, payload: String, run_at: Timestamp) -> Result<(), DbErr> {
    job::Entity::insert(row(tx, name, payload, run_at)).exec_without_returning(tx).await?;
    Ok(())
}

/// Enqueues many jobs of a name, in one statement for each thousand: for each its payload, when it is due, and what it
/// is about with its place in the order of that, where it has one.
///
/// # Errors
/// When the database refuses.
pub async fn enqueue_all(tx: &Tx, name: &str, jobs: Vec<Due>) -> Result<(), DbErr> {
    let rows: Vec<_> = jobs
        .into_iter()
        .map(|due| job::ActiveModel {
            aggregate_id: Set(due.order.map(|(about, _)| about)),
            position: Set(due.order.map(|(_, position)| position)),
            ..row(tx, name, due.payload, due.run_at)
        })
        .collect();
    for some in rows.chunks(1000) {
        job::Entity::insert_many(some.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// A job to be enqueued.
#[derive(Debug, Clone)]
pub struct Due {
    /// Its input, as JSON.
    pub payload: String,
    /// Not before this instant.
    pub run_at: Timestamp,
    /// What it is about, and its place among the jobs of its name about the same: they are done in that order.
    pub order: Option<(Uuid, i64)>,
}

fn row(tx: &Tx, name: &str, payload: String, run_at: Timestamp) -> job::ActiveModel {
    tx.leave_work();
    job::ActiveModel {
        id: Set(JobId::generate()),
        name: Set(name.to_owned()),
        payload: Set(payload),
        run_at: Set(run_at),
        attempts: Set(0),
        locked_until: Set(None),
        done_at: Set(None),
        failed_at: Set(None),
        last_error: Set(None),
        created_at: Set(tx.now()),
        position: Set(None),
        topic: Set(None),
        aggregate_id: Set(None),
        began_at: Set(None),
        took_ms: Set(None),
        // Nothing was said of it yet.
        ..Default::default()
    }
}

/// One job for every listener of a topic, in one statement; says the last position that was given out.
pub(super) async fn enqueue_for_listeners(
    tx: &Tx,
    kinds: &'static [JobKind],
    head: i64,
    events: &[outbox::Model],
) -> Result<i64, DbErr> {
    let (mut rows, mut position) = (Vec::new(), head);
    for event in events {
        position += 1;
        for kind in kinds.iter().filter(|kind| kind.hears_of(&event.topic)) {
            let payload = if kind.hears_everything() { Envelope::seal(event)? } else { event.payload.clone() };
            rows.push(job::ActiveModel {
                position: Set(Some(position)),
                topic: Set(Some(event.topic.clone())),
                aggregate_id: Set(Some(event.aggregate_id)),
                ..row(tx, kind.name, payload, tx.now())
            });
        }
    }
    for some in rows.chunks(1000) {
        job::Entity::insert_many(some.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(position)
}

pub(super) async fn claim(tx: &Tx, lane: Lane<'_>, limit: i64) -> Result<Vec<job::Model>, DbErr> {
    dialect::claim_jobs(tx, tx.now(), tx.now() + LEASE, SKEW, lane, limit).await
}

/// Holds on to jobs that are still being worked on.
pub(super) async fn hold_on(tx: &Tx, ids: &[JobId]) -> Result<(), DbErr> {
    job::Entity::update_many()
        .col_expr(job::Column::LockedUntil, Expr::value(tx.now() + LEASE))
        .filter(job::Column::Id.is_in(ids.iter().copied()))
        .filter(job::Column::DoneAt.is_null())
        .filter(job::Column::FailedAt.is_null())
        .filter(job::Column::LockedUntil.is_not_null())
        .exec(tx)
        .await
        .map(drop)
}

/// Writes how a job ended.
pub(super) async fn conclude(
    tx: &Tx,
    job: &job::Model,
    outcome: &Result<(), JobError>,
    took: Duration,
) -> Result<(), DbErr> {
    let took = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
    let update =
        job::Entity::update_many().col_expr(job::Column::TookMs, Expr::value(took)).filter(job::Column::Id.eq(job.id));
    let none = Expr::value(Option::<Timestamp>::None);
    // What is tried again begins from nothing; what is done shows what it came to.
    let update = match outcome {
        Ok(()) => update,
        Err(_) => update
            .col_expr(job::Column::ProgressDone, Expr::value(Option::<i64>::None))
            .col_expr(job::Column::ProgressOf, Expr::value(Option::<i64>::None))
            .col_expr(job::Column::ProgressUnit, Expr::value(Option::<String>::None))
            .col_expr(job::Column::ProgressAt, Expr::value(Option::<Timestamp>::None)),
    };
    let update = match outcome {
        Ok(()) => update.col_expr(job::Column::DoneAt, Expr::value(tx.now())),
        Err(JobError::Retry(failure)) if job.attempts < ATTEMPTS => update
            .col_expr(job::Column::RunAt, Expr::value(tx.now() + delay(job.attempts)))
            .col_expr(job::Column::LockedUntil, none)
            .col_expr(job::Column::LastError, Expr::value(failure.to_string())),
        Err(JobError::Later(at)) => update
            .col_expr(job::Column::RunAt, Expr::value(*at))
            .col_expr(job::Column::Attempts, Expr::value(job.attempts - 1))
            .col_expr(job::Column::LockedUntil, none),
        Err(JobError::Retry(failure) | JobError::GiveUp(failure)) => update
            .col_expr(job::Column::FailedAt, Expr::value(tx.now()))
            .col_expr(job::Column::LastError, Expr::value(failure.to_string())),
    };
    update.exec(tx).await?;
    Ok(())
}

/// Writes that jobs done together are done, each in its part of the time.
pub(super) async fn conclude_all(tx: &Tx, ids: &[JobId], each: Duration) -> Result<(), DbErr> {
    let took = i64::try_from(each.as_millis()).unwrap_or(i64::MAX);
    job::Entity::update_many()
        .col_expr(job::Column::TookMs, Expr::value(took))
        .col_expr(job::Column::DoneAt, Expr::value(tx.now()))
        .filter(job::Column::Id.is_in(ids.iter().copied()))
        .exec(tx)
        .await
        .map(drop)
}

/// How long a job waits after so many attempts: 2, 4, 8 … seconds, at most an hour.
fn delay(attempts: i32) -> chrono::Duration {
    let exponent = u32::try_from(attempts.clamp(1, 11)).unwrap_or(1);
    chrono::Duration::seconds(2_i64.pow(exponent).min(3600))
}

/// The payloads of jobs of this name that are not done, oldest first: for work that is cheaper done together.
///
/// # Errors
/// When the database cannot be asked.
pub async fn waiting(db: &impl ConnectionTrait, name: &str, limit: u64) -> Result<Vec<String>, DbErr> {
    let jobs = job::Entity::find()
        .filter(job::Column::Name.eq(name))
        .filter(job::Column::DoneAt.is_null())
        .filter(job::Column::FailedAt.is_null())
        .order_by_asc(job::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    Ok(jobs.into_iter().map(|job| job.payload).collect())
}

/// How far a listener is behind what has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lag {
    /// How many events it has not worked in yet.
    pub events: u64,
    /// When the oldest of them happened.
    pub oldest: Option<Timestamp>,
}

/// How far a kind of work is behind the events it hears.
///
/// # Errors
/// When the database cannot be asked.
pub async fn lag(db: &impl ConnectionTrait, kind: &JobKind) -> Result<Lag, DbErr> {
    let jobs = job::Entity::find()
        .filter(job::Column::Name.eq(kind.name))
        .filter(job::Column::DoneAt.is_null())
        .filter(job::Column::FailedAt.is_null());
    let events = outbox::Entity::find()
        .filter(outbox::Column::DeliveredAt.is_null())
        .filter(outbox::Column::Topic.is_in(kind.hears.iter().copied()));
    let first_job = jobs.clone().select_only().column(job::Column::CreatedAt).order_by_asc(job::Column::Id);
    let first_event = events.clone().select_only().column(outbox::Column::CreatedAt).order_by_asc(outbox::Column::Id);
    let first_job = first_job.into_tuple::<Timestamp>().one(db).await?;
    let first_event = first_event.into_tuple::<Timestamp>().one(db).await?;
    Ok(Lag {
        events: jobs.count(db).await? + events.count(db).await?,
        oldest: first_job.into_iter().chain(first_event).min(),
    })
}

/// The events that a kind of work heard, or will hear, since a moment: their payloads, oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn heard_since(db: &impl ConnectionTrait, kind: &JobKind, since: Timestamp) -> Result<Vec<String>, DbErr> {
    let events = outbox::Entity::find()
        .select_only()
        .column(outbox::Column::Payload)
        .filter(outbox::Column::Topic.is_in(kind.hears.iter().copied()))
        .filter(outbox::Column::CreatedAt.gte(since))
        .order_by_asc(outbox::Column::Id);
    events.into_tuple().all(db).await
}

/// How many jobs wait, and how many were given up.
///
/// # Errors
/// When the database cannot be asked.
pub async fn pending(db: &impl ConnectionTrait) -> Result<(u64, u64), DbErr> {
    let open = job::Entity::find().filter(job::Column::DoneAt.is_null());
    let waiting = open.clone().filter(job::Column::FailedAt.is_null()).count(db).await?;
    let given_up = open.filter(job::Column::FailedAt.is_not_null()).count(db).await?;
    Ok((waiting, given_up))
}

/// A queue: the jobs of one name that are not done.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Queue {
    /// The name of its jobs.
    pub name: String,
    /// How many wait, or run.
    pub waiting: i64,
    /// How many were given up.
    pub given_up: i64,
    /// Since when the oldest that waits is due.
    pub oldest: Option<Timestamp>,
}

/// Every queue in which something waits or was given up.
///
/// # Errors
/// When the database cannot be asked.
pub async fn queues(db: &impl ConnectionTrait) -> Result<Vec<Queue>, DbErr> {
    job::Entity::find()
        .select_only()
        .column(job::Column::Name)
        .expr_as(Expr::cust("count(*) - count(failed_at)"), "waiting")
        .expr_as(Expr::cust("count(failed_at)"), "given_up")
        .expr_as(Expr::cust("min(case when failed_at is null then run_at end)"), "oldest")
        .filter(job::Column::DoneAt.is_null())
        .group_by(job::Column::Name)
        .order_by_asc(job::Column::Name)
        .into_model()
        .all(db)
        .await
}

/// Erases a batch of what was done before an instant; what was given up stays for somebody to look at.
pub(super) async fn erase_done(app: &App, before: Timestamp) -> Result<u64, Failure> {
    let old = Query::select()
        .column(job::Column::Id)
        .from(job::Entity)
        .and_where(job::Column::DoneAt.lt(before))
        .limit(ERASED_AT_ONCE)
        .to_owned();
    app.transact(&Actor::System, async |tx| -> Result<u64, DbErr> {
        let gone = job::Entity::delete_many().filter(job::Column::Id.in_subquery(old.clone())).exec(tx).await?;
        Ok(gone.rows_affected)
    })
    .await
}
