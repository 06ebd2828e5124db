//! The worker: relays events, claims jobs, runs them.

use super::{JobError, Scheduled, clock, queue, relay};
use crate::access::Actor;
use crate::app::App;
use crate::problem::{Failure, Problem};
use entity::job;
use std::time::Duration;

const BATCH: i64 = 50;
/// How long an idle worker sleeps when nobody wakes it: other servers' work and delayed jobs are found by then.
const IDLE: Duration = Duration::from_secs(2);

/// Runs everything that is due, and what it causes, until nothing is left. Says how many jobs were run.
///
/// # Errors
/// When the database cannot be asked; a failing job is recorded, not returned.
pub async fn drain(app: &App) -> Result<usize, Failure> {
    let mut jobs_run = 0;
    loop {
        let events = relay::relay(app).await?;
        let jobs = run_batch(app).await?;
        jobs_run += jobs;
        if events == 0 && jobs == 0 {
            return Ok(jobs_run);
        }
    }
}

/// Works, and takes the turns of the clock, until told to stop; finishes the batch in hand first.
pub async fn work(app: &App, plan: &'static [Scheduled], mut stop: tokio::sync::watch::Receiver<bool>) {
    let mut next_turn = app.clock.now();
    while !*stop.borrow() {
        if let Err(error) = drain(app).await {
            tracing::error!(%error, "the worker could not ask the database");
        }
        if app.clock.now() >= next_turn {
            match clock::tick(app, plan).await {
                Ok((_, next)) => next_turn = next,
                Err(error) => tracing::error!(%error, "the clock could not ask the database"),
            }
        }
        tokio::select! {
            () = app.wake.notified() => {}
            () = tokio::time::sleep(IDLE) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn run_batch(app: &App) -> Result<usize, Failure> {
    let jobs = app.transact(&Actor::System, async |tx| queue::claim(tx, BATCH).await).await?;
    for job in &jobs {
        let outcome = run_one(app, job).await;
        if let Err(error) = &outcome {
            tracing::warn!(job = %job.id, name = job.name, attempts = job.attempts, %error, "a job did not finish");
        }
        app.transact(&Actor::System, async |tx| queue::conclude(tx, job, &outcome).await).await?;
    }
    Ok(jobs.len())
}

async fn run_one(app: &App, job: &job::Model) -> Result<(), JobError> {
    match app.jobs.iter().find(|kind| kind.name == job.name) {
        Some(kind) => (kind.run)(app, &job.payload).await,
        // A newer server enqueued it; this one leaves it for later.
        None => Err(JobError::Retry(Problem::internal().into())),
    }
}
