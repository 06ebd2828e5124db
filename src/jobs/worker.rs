//! The worker: relays events, claims jobs, runs them.

use super::{JobError, Scheduled, clock, queue, relay};
use crate::access::Actor;
use crate::app::App;
use crate::meter::Meter;
use crate::problem::{Failure, Problem};
use entity::job;
use metrics::Label;
use std::time::{Duration, Instant};

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
        let began = Instant::now();
        let outcome = run_one(app, job).await;
        note(app, job, &outcome, began.elapsed());
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

/// Counts a job that was run. One whose name we do not know is counted as such: names come from our own code only.
fn note(app: &App, job: &job::Model, outcome: &Result<(), JobError>, took: Duration) {
    let Ok(meter) = app.part::<Meter>() else { return };
    let name = app.jobs.iter().find(|kind| kind.name == job.name).map_or("unknown", |kind| kind.name);
    let outcome = match outcome {
        Ok(()) => "done",
        Err(JobError::Retry(_)) => "retry",
        Err(JobError::GiveUp(_)) => "given_up",
    };
    meter.time("job_seconds", vec![Label::new("job", name)], took);
    meter.count("jobs_run_total", vec![Label::new("job", name), Label::new("outcome", outcome)]);
}
