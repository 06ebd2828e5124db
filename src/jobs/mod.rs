//! Background work: rows in the database, run at least once, retried with growing delay, kept when given up.
//!
//! Promises: a job enqueued in a transaction exists if and only if that transaction committed; two workers never
//! hold the same job; a worker that dies loses its lease within a minute and another takes over. Therefore every job
//! must be safe to run twice. Each kind of work has a queue of its own, so none waits for another; in a queue what is
//! about one object is done in the order of its events, and a job that is given up lets those behind it pass.
//! Work that takes long says how far it has come ([`progress`]), and an operator sees it while it goes on.
//! Two lanes: work that speaks to the outside (mail, webhooks) runs beside the rest, several at once, so that a slow
//! receiver holds nothing up.
//!
//! Our own mechanism rather than a job library. The job row must be written in the caller's transaction, or work is
//! lost or done for what never happened; it must be so on SQLite and on PostgreSQL, with our typed rows and our one
//! pool. The well-kept libraries (`apalis`, `sqlxmq`, `fang`, `underway`) open pools and transactions of their own,
//! bring tables of their own, or know one of the databases only; what is left to write around them is this.

mod clock;
mod envelope;
mod parked;
mod progress;
mod queue;
mod relay;
mod retention;
mod runs;
mod worker;

pub use clock::{Plan, Scheduled, tick, turns};
pub use envelope::Envelope;
pub use parked::{Standing, find_parked, list_parked, replay, set_aside, standings};
pub use progress::{Progress, progress};
pub use queue::{Due, Lag, Queue, enqueue, enqueue_all, heard_since, lag, pending, queues, waiting};
pub use retention::{ERASED_AT_ONCE, Erasing, Kept, RetentionRule};
pub use runs::{InHand, in_hand, list_runs};
pub use worker::{drain, work, work_outward};

use crate::app::App;
use crate::problem::{Describe, Failure};
use std::pin::Pin;

/// Work in progress. Workers run on one thread each, so it need not be `Send`.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<(), JobError>> + 'a>>;

/// A kind of background work.
pub struct JobKind {
    /// Stable name.
    pub name: &'static str,
    /// Topics whose events become jobs of this kind; the event is the payload. [`EVERYTHING`] hears every event, and its
    /// payload is an [`Envelope`].
    pub hears: &'static [&'static str],
    /// Whether it speaks to the outside and may have to wait for it: it runs in a lane of its own.
    pub outward: bool,
    /// Does it. The payload is JSON.
    pub run: for<'a> fn(&'a App, &'a str) -> Running<'a>,
    /// Does several at once in less than each alone, where there is such a way. It must be safe to run any of them again:
    /// when it is refused, each is done alone, so that one that cannot be done holds up no other.
    pub together: Option<Together>,
}

/// Several jobs of a kind, by their payloads.
pub type Together = for<'a> fn(&'a App, &'a [&'a str]) -> Running<'a>;

/// Heard by those who hear every event, whatever its topic.
pub const EVERYTHING: &[&str] = &["*"];

impl JobKind {
    /// Whether it hears every event.
    #[must_use]
    pub fn hears_everything(&self) -> bool {
        self.hears == EVERYTHING
    }

    /// Whether it hears events of this topic.
    #[must_use]
    pub fn hears_of(&self, topic: &str) -> bool {
        self.hears_everything() || self.hears.contains(&topic)
    }
}

/// Why a job did not finish.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// It may work later.
    #[error("retry: {0}")]
    Retry(Failure),
    /// It is not its time yet: no fault, and no attempt.
    #[error("not before {0}")]
    Later(entity::value::Timestamp),
    /// It will never work; somebody has to look.
    #[error("given up: {0}")]
    GiveUp(Failure),
}

/// A refusal by our own rules stays a refusal; everything of 5xx kind may pass.
impl From<Failure> for JobError {
    fn from(failure: Failure) -> Self {
        if failure.problem().kind.status >= 500 { Self::Retry(failure) } else { Self::GiveUp(failure) }
    }
}

impl<E: Describe> From<E> for JobError {
    fn from(error: E) -> Self {
        Failure::from(error).into()
    }
}

/// How long jobs are kept once they are done.
pub const RETENTION: &[RetentionRule] = &[RetentionRule {
    name: "job",
    what: ("已完成的后台任务", "Background work that is done"),
    kept: Kept::Days {
        days: 30,
        zh: "完成后三十天",
        erase: |app, before| Box::pin(async move { queue::erase_done(app, before).await }),
    },
    why: (
        "排查故障所需；《个人信息保护法》第十九条：保存期限为最短时间",
        "For finding faults; kept no longer than needed (PIPL art. 19)",
    ),
}];

/// Reads a payload.
///
/// # Errors
/// Gives up: a payload that cannot be read now never will be.
pub fn read_payload<T: serde::de::DeserializeOwned>(payload: &str) -> Result<T, JobError> {
    serde_json::from_str(payload).map_err(|error| {
        tracing::error!(%error, "unreadable job payload");
        JobError::GiveUp(crate::problem::Problem::internal().into())
    })
}
