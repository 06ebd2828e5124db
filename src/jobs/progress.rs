//! How far work in hand has come (进度), for the operator who waits for it.
//!
//! Promises: it is written beside the job, or the turn of the clock, in a transaction of its own, at most once a second,
//! so that everybody sees it while the work goes on and none of the work's own writes waits for it; a failure to write it
//! is told and changes nothing. Work that is no job (a command) says how far it is to nobody.

use crate::access::Actor;
use crate::app::App;
use crate::db::Tx;
use entity::value::{JobId, ProgressUnit, Timestamp};
use entity::{job, schedule};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};
use std::cell::Cell;
use std::time::{Duration, Instant};

/// It is not written more often.
const EVERY: Duration = Duration::from_secs(1);

/// Which work is in hand.
#[derive(Debug, Clone, Copy)]
pub(super) enum Work {
    /// A job.
    Job(JobId),
    /// A turn of the clock.
    Turn(&'static str),
}

struct InHand {
    work: Work,
    written: Cell<Option<Instant>>,
}

tokio::task_local! {
    static IN_HAND: InHand;
}

/// Does work that may say how far it has come.
pub(super) async fn in_hand<T>(work: Work, doing: impl Future<Output = T>) -> T {
    IN_HAND.scope(InHand { work, written: Cell::new(None) }, doing).await
}

/// The work in hand, when it is time to write how far it has come.
fn due() -> Option<Work> {
    let asked = IN_HAND.try_with(|in_hand| {
        let is_due = in_hand.written.get().is_none_or(|written| written.elapsed() >= EVERY);
        is_due.then(|| {
            in_hand.written.set(Some(Instant::now()));
            in_hand.work
        })
    });
    asked.ok().flatten()
}

/// How far work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How much is done.
    pub done: i64,
    /// Of how much.
    pub of: i64,
    /// What is counted.
    pub unit: ProgressUnit,
    /// When that was so.
    pub at: Timestamp,
}

impl Progress {
    pub(super) fn of(
        (done, of): (Option<i64>, Option<i64>),
        unit: Option<ProgressUnit>,
        at: Option<Timestamp>,
    ) -> Option<Self> {
        Some(Self { done: done?, of: of?, unit: unit?, at: at? })
    }

    /// Of a job.
    #[must_use]
    pub fn of_job(row: &job::Model) -> Option<Self> {
        Self::of((row.progress_done, row.progress_of), row.progress_unit, row.progress_at)
    }

    /// Of a turn of the clock.
    #[must_use]
    pub fn of_turn(row: &schedule::Model) -> Option<Self> {
        Self::of((row.progress_done, row.progress_of), row.progress_unit, row.progress_at)
    }
}

/// Says how far the work in hand has come. To be called between the transactions of the work, never inside one: the
/// embedded database has one writer.
pub async fn progress(app: &App, done: u64, of: u64, unit: ProgressUnit) {
    let Some(work) = due() else { return };
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let (done, of) = (number(done), number(of));
    let written = app.transact(&Actor::System, async |tx| write(tx, work, (done, of), unit).await).await;
    if let Err(error) = written {
        tracing::warn!(?work, %error, "how far work has come could not be written");
    }
}

async fn write(tx: &Tx, work: Work, (done, of): (i64, i64), unit: ProgressUnit) -> Result<(), DbErr> {
    macro_rules! written {
        ($table:ident) => {
            $table::Entity::update_many()
                .col_expr($table::Column::ProgressDone, Expr::value(done))
                .col_expr($table::Column::ProgressOf, Expr::value(of))
                .col_expr($table::Column::ProgressUnit, Expr::value(unit.as_str()))
                .col_expr($table::Column::ProgressAt, Expr::value(tx.now()))
        };
    }
    match work {
        Work::Job(id) => written!(job).filter(job::Column::Id.eq(id)).exec(tx).await.map(drop),
        Work::Turn(name) => written!(schedule).filter(schedule::Column::Name.eq(name)).exec(tx).await.map(drop),
    }
}
