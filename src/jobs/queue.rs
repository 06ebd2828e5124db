//! The queue: enqueue in a transaction, claim by lease, finish or put off.

use crate::access::Actor;
use crate::app::App;
use crate::db::{Tx, dialect};
use crate::jobs::{ERASED_AT_ONCE, JobError, JobKind};
use crate::problem::Failure;
use entity::value::{JobId, Timestamp};
use entity::{job, outbox};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

/// How long a worker may hold a job before another takes it over.
const LEASE_MINUTES: i64 = 10;
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
    }
}

/// One job for every listener of a topic, in one statement.
pub(super) async fn enqueue_for_listeners<'a>(
    tx: &Tx,
    kinds: &'static [JobKind],
    events: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<(), DbErr> {
    let rows: Vec<_> = events
        .flat_map(|(topic, payload)| {
            kinds.iter().filter(move |kind| kind.hears.contains(&topic)).map(move |kind| (kind.name, payload))
        })
        .map(|(name, payload)| row(tx, name, payload.to_owned(), tx.now()))
        .collect();
    if !rows.is_empty() {
        job::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

pub(super) async fn claim(tx: &Tx, limit: i64) -> Result<Vec<job::Model>, DbErr> {
    dialect::claim_jobs(tx, tx.now(), tx.now() + chrono::Duration::minutes(LEASE_MINUTES), limit).await
}

/// Writes how a job ended.
pub(super) async fn conclude(tx: &Tx, job: &job::Model, outcome: &Result<(), JobError>) -> Result<(), DbErr> {
    let update = job::Entity::update_many().filter(job::Column::Id.eq(job.id));
    let none = Expr::value(Option::<Timestamp>::None);
    let update = match outcome {
        Ok(()) => update.col_expr(job::Column::DoneAt, Expr::value(tx.now())),
        Err(JobError::Retry(failure)) if job.attempts < ATTEMPTS => {
            // 2, 4, 8 … seconds, at most an hour.
            let exponent = u32::try_from(job.attempts.clamp(1, 11)).unwrap_or(1);
            let delay = chrono::Duration::seconds(2_i64.pow(exponent).min(3600));
            update
                .col_expr(job::Column::RunAt, Expr::value(tx.now() + delay))
                .col_expr(job::Column::LockedUntil, none)
                .col_expr(job::Column::LastError, Expr::value(failure.to_string()))
        }
        Err(JobError::Retry(failure) | JobError::GiveUp(failure)) => update
            .col_expr(job::Column::FailedAt, Expr::value(tx.now()))
            .col_expr(job::Column::LastError, Expr::value(failure.to_string())),
    };
    update.exec(tx).await?;
    Ok(())
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
