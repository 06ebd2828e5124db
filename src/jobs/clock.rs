//! What runs when: work that nobody enqueues, because it returns with the clock.
//!
//! Promises: with many servers, each turn is taken by one of them (it moves the row of its name on, and only one
//! can); a turn that was missed is taken late, once; a turn whose server died is taken again when its lease ends, within
//! a minute; a turn that fails is told in the log and on its row, and left to the next; a clock that was ahead and was set
//! back stops nothing.
//! Therefore such work must be safe to run twice, and must find by itself what there is to do.

use super::progress::{Work, in_hand};
use super::{JobError, Running};
use crate::access::Actor;
use crate::app::App;
use crate::db::Tx;
use crate::jobs::queue::{LEASE, SKEW};
use crate::problem::Failure;
use crate::telemetry;
use entity::schedule;
use entity::value::Timestamp;
use futures_util::future::{Either, select};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use std::pin::pin;
use std::time::{Duration, Instant};
use tracing::Instrument;

/// Work that returns with the clock.
pub struct Scheduled {
    /// Stable name.
    pub name: &'static str,
    /// How many seconds lie between two turns.
    pub every_seconds: i64,
    /// Does it.
    pub run: for<'a> fn(&'a App) -> Running<'a>,
}

impl Scheduled {
    /// The furthest that a server whose clock is right writes as the next turn.
    fn furthest(&self, now: Timestamp) -> Timestamp {
        now + chrono::Duration::seconds(self.every_seconds) + SKEW
    }

    /// Until when its turn is somebody's or nobody's. A time that no right clock can have written says nothing.
    fn waits_until(&self, row: &schedule::Model, now: Timestamp) -> Option<Timestamp> {
        let (until, furthest) = match row.held_until {
            Some(until) => (until, now + LEASE + SKEW),
            None => (row.next_at, self.furthest(now)),
        };
        (now < until && until <= furthest).then_some(until)
    }
}

/// Everything that returns with the clock. A part of the house, for those who show how it stands.
pub struct Plan(pub &'static [Scheduled]);

/// What is known of every turn.
///
/// # Errors
/// When the database cannot be asked.
pub async fn turns(db: &impl ConnectionTrait) -> Result<Vec<schedule::Model>, DbErr> {
    schedule::Entity::find().all(db).await
}

/// Takes the turns that are due. Says which were taken, and when the next one is.
///
/// # Errors
/// When the database cannot be asked.
pub async fn tick(app: &App, plan: &'static [Scheduled]) -> Result<(Vec<&'static str>, Timestamp), Failure> {
    let mut taken = Vec::new();
    let rows = turns(app.reader()).await?;
    let now = app.clock.now();
    let mut next = now + chrono::Duration::minutes(1);
    for work in plan {
        let row = rows.iter().find(|row| row.name == work.name);
        if let Some(due) = row.and_then(|row| work.waits_until(row, now)) {
            next = next.min(due);
            continue;
        }
        if take(app, work).await? {
            taken.push(work.name);
            run(app, work).await;
        }
        next = next.min(now + chrono::Duration::seconds(work.every_seconds));
    }
    Ok((taken, next))
}

/// Moves the row on; true for the one who did.
async fn take(app: &App, work: &Scheduled) -> Result<bool, Failure> {
    app.transact(&Actor::System, async |tx| -> Result<bool, Failure> {
        let first = schedule::ActiveModel {
            name: Set(work.name.to_owned()),
            next_at: Set(tx.now()),
            began_at: Set(None),
            ended_at: Set(None),
            held_until: Set(None),
            took_ms: Set(None),
            last_error: Set(None),
            ..Default::default()
        };
        schedule::Entity::insert(first)
            .on_conflict(OnConflict::column(schedule::Column::Name).do_nothing().to_owned())
            .exec_without_returning(tx)
            .await?;
        let is_free = Condition::any()
            // Nobody holds it and it is due; or whoever held it is gone; or the clock was ahead.
            .add(
                Condition::all().add(schedule::Column::HeldUntil.is_null()).add(
                    Condition::any()
                        .add(schedule::Column::NextAt.lte(tx.now()))
                        .add(schedule::Column::NextAt.gt(work.furthest(tx.now()))),
                ),
            )
            .add(schedule::Column::HeldUntil.lte(tx.now()))
            .add(schedule::Column::HeldUntil.gt(tx.now() + LEASE + SKEW));
        let moved = schedule::Entity::update_many()
            .col_expr(schedule::Column::NextAt, Expr::value(tx.now() + chrono::Duration::seconds(work.every_seconds)))
            .col_expr(schedule::Column::BeganAt, Expr::value(tx.now()))
            .col_expr(schedule::Column::EndedAt, Expr::value(Option::<Timestamp>::None))
            .col_expr(schedule::Column::HeldUntil, Expr::value(tx.now() + LEASE))
            .col_expr(schedule::Column::ProgressDone, Expr::value(Option::<i64>::None))
            .col_expr(schedule::Column::ProgressOf, Expr::value(Option::<i64>::None))
            .col_expr(schedule::Column::ProgressUnit, Expr::value(Option::<String>::None))
            .col_expr(schedule::Column::ProgressAt, Expr::value(Option::<Timestamp>::None))
            .filter(schedule::Column::Name.eq(work.name))
            .filter(is_free)
            .exec(tx)
            .await?;
        Ok(moved.rows_affected == 1)
    })
    .await
}

/// Does it, holds on to the turn meanwhile, and writes down how it ended.
async fn run(app: &App, work: &Scheduled) {
    let began = Instant::now();
    let holding = async {
        loop {
            tokio::time::sleep(LEASE.to_std().unwrap_or(Duration::from_secs(60)) / 3).await;
            let held = app.transact(&Actor::System, async |tx| hold_on(tx, work.name).await).await;
            if let Err(error) = held {
                tracing::warn!(name = work.name, %error, "a turn could not be held on to");
            }
        }
    };
    let told = telemetry::turn(work.name);
    let span = tracing::info_span!("turn", name = work.name, trace_id = tracing::field::Empty);
    if let Some(trace) = told.trace_id() {
        span.record("trace_id", trace);
    }
    let working = pin!(told.around(in_hand(Work::Turn(work.name), (work.run)(app))).instrument(span));
    let outcome: Result<(), JobError> = match select(working, pin!(holding)).await {
        Either::Left((outcome, _)) => outcome,
        Either::Right((never, _)) => never,
    };
    told.concluded(if outcome.is_ok() { "done" } else { "failed" }, outcome.is_err());
    if let Err(error) = &outcome {
        tracing::warn!(name = work.name, %error, "scheduled work did not finish; it has its next turn");
    }
    let took = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
    let error = outcome.err().map(|error| error.to_string());
    let ended = app.transact(&Actor::System, async |tx| end(tx, work.name, took, error.clone()).await).await;
    if let Err(error) = ended {
        tracing::warn!(name = work.name, %error, "the end of a turn could not be written down");
    }
}

async fn hold_on(tx: &Tx, name: &str) -> Result<(), DbErr> {
    schedule::Entity::update_many()
        .col_expr(schedule::Column::HeldUntil, Expr::value(tx.now() + LEASE))
        .filter(schedule::Column::Name.eq(name))
        .filter(schedule::Column::HeldUntil.is_not_null())
        .exec(tx)
        .await
        .map(drop)
}

async fn end(tx: &Tx, name: &str, took_ms: i64, error: Option<String>) -> Result<(), DbErr> {
    schedule::Entity::update_many()
        .col_expr(schedule::Column::HeldUntil, Expr::value(Option::<Timestamp>::None))
        .col_expr(schedule::Column::EndedAt, Expr::value(tx.now()))
        .col_expr(schedule::Column::TookMs, Expr::value(took_ms))
        .col_expr(schedule::Column::LastError, Expr::value(error))
        .filter(schedule::Column::Name.eq(name))
        .exec(tx)
        .await
        .map(drop)
}
