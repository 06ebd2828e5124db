//! Background work: rows in the database, run at least once, retried with growing delay, kept when given up.
//!
//! Promises: a job enqueued in a transaction exists if and only if that transaction committed; two workers never
//! hold the same job; a worker that dies loses its lease and another takes over. Therefore every job must be safe
//! to run twice.
//! Our own mechanism rather than a job library: the job row must be written in the caller's transaction, on both
//! databases, and the libraries at hand bring tables and pools of their own.

mod clock;
mod queue;
mod relay;
mod retention;
mod worker;

pub use clock::{Scheduled, tick};
pub use queue::{Lag, Queue, enqueue, heard_since, lag, pending, queues, waiting};
pub use retention::{ERASED_AT_ONCE, Erasing, Kept, RetentionRule};
pub use worker::{drain, work};

use crate::app::App;
use crate::problem::{Describe, Failure};
use std::pin::Pin;

/// Work in progress. Workers run on one thread each, so it need not be `Send`.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<(), JobError>> + 'a>>;

/// A kind of background work.
pub struct JobKind {
    /// Stable name.
    pub name: &'static str,
    /// Topics whose events become jobs of this kind; the event is the payload.
    pub hears: &'static [&'static str],
    /// Does it. The payload is JSON.
    pub run: for<'a> fn(&'a App, &'a str) -> Running<'a>,
}

/// Why a job did not finish.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// It may work later.
    #[error("retry: {0}")]
    Retry(Failure),
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
