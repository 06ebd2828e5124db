//! The worker: relays events, claims jobs, runs them, and holds on to those that take long.

use super::queue::LEASE;
use super::{JobError, Scheduled, clock, queue, relay};
use crate::access::Actor;
use crate::app::App;
use crate::db::dialect::Lane;
use crate::meter::Meter;
use crate::outage::{self, Place};
use crate::problem::{Failure, Problem};
use entity::job;
use entity::value::JobId;
use futures_util::future::{Either, join_all, select};
use metrics::Label;
use std::pin::pin;
use std::time::{Duration, Instant};

const BATCH: i64 = 50;
/// So many jobs speak to the outside at once.
const OUTWARD_AT_ONCE: i64 = 16;
/// How long an idle worker sleeps when nobody wakes it: other servers' work and delayed jobs are found by then.
const IDLE: Duration = Duration::from_secs(2);

/// The names of work that speaks to the outside.
fn outward(app: &App) -> Vec<&'static str> {
    app.jobs.iter().filter(|kind| kind.outward).map(|kind| kind.name).collect()
}

/// Runs everything that is due, and what it causes, until nothing is left. Says how many jobs were run.
///
/// # Errors
/// When the database cannot be asked; a failing job is recorded, not returned.
pub async fn drain(app: &App) -> Result<usize, Failure> {
    let mut jobs_run = 0;
    loop {
        let jobs = drain_house(app).await? + run_outward(app).await?;
        jobs_run += jobs;
        if jobs == 0 {
            return Ok(jobs_run);
        }
    }
}

/// The same, without what speaks to the outside.
async fn drain_house(app: &App) -> Result<usize, Failure> {
    let mut jobs_run = 0;
    loop {
        let events = relay::relay(app).await?;
        let jobs = claim(app, Lane::Without(&outward(app)), BATCH).await?;
        // What is done with a job is as large as the largest of all kinds of work.
        holding_on(app, &jobs, async {
            for job in &jobs {
                Box::pin(run_and_conclude(app, job)).await?;
            }
            Ok(())
        })
        .await?;
        jobs_run += jobs.len();
        if events == 0 && jobs.is_empty() {
            return Ok(jobs_run);
        }
        app.wake_outward.notify_one();
    }
}

/// Runs a batch of what speaks to the outside, all of it at once.
async fn run_outward(app: &App) -> Result<usize, Failure> {
    let jobs = claim(app, Lane::Only(&outward(app)), OUTWARD_AT_ONCE).await?;
    holding_on(app, &jobs, async {
        let ended = join_all(jobs.iter().map(|job| run_and_conclude(app, job))).await;
        ended.into_iter().collect::<Result<Vec<()>, _>>().map(drop)
    })
    .await?;
    Ok(jobs.len())
}

/// Works, and takes the turns of the clock, until told to stop; finishes the batch in hand first.
pub async fn work(app: &App, plan: &'static [Scheduled], mut stop: tokio::sync::watch::Receiver<bool>) {
    let mut next_turn = app.clock.now();
    while !*stop.borrow() {
        if let Err(error) = drain_house(app).await {
            tracing::error!(%error, "the worker could not ask the database");
        }
        // A clock that was set back does not wait for where it has been.
        let now = app.clock.now();
        if now >= next_turn || next_turn > now + queue::SKEW {
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

/// Works on what speaks to the outside, until told to stop; finishes the batch in hand first.
pub async fn work_outward(app: &App, mut stop: tokio::sync::watch::Receiver<bool>) {
    while !*stop.borrow() {
        match run_outward(app).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::error!(%error, "the outward worker could not ask the database"),
        }
        tokio::select! {
            () = app.wake_outward.notified() => {}
            () = tokio::time::sleep(IDLE) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn claim(app: &App, lane: Lane<'_>, limit: i64) -> Result<Vec<job::Model>, Failure> {
    if let Lane::Only([]) = lane {
        return Ok(Vec::new());
    }
    let jobs = app.transact(&Actor::System, async |tx| queue::claim(tx, lane, limit).await).await?;
    if !jobs.is_empty() {
        outage::here(Place::JobsClaimed);
    }
    Ok(jobs)
}

/// Does `work` on these jobs and holds on to them meanwhile, so that nobody takes them over.
async fn holding_on<T>(
    app: &App,
    jobs: &[job::Model],
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let ids: Vec<JobId> = jobs.iter().map(|job| job.id).collect();
    let holding = async {
        loop {
            tokio::time::sleep(LEASE.to_std().unwrap_or(IDLE) / 3).await;
            if let Err(error) = app.transact(&Actor::System, async |tx| queue::hold_on(tx, &ids).await).await {
                tracing::warn!(%error, "jobs in hand could not be held on to");
            }
        }
    };
    match select(pin!(work), pin!(holding)).await {
        Either::Left((done, _)) => done,
        Either::Right((never, _)) => never,
    }
}

async fn run_and_conclude(app: &App, job: &job::Model) -> Result<(), Failure> {
    let began = Instant::now();
    let outcome = run_one(app, job).await;
    outage::here(Place::JobDone);
    let took = began.elapsed();
    note(app, job, &outcome, took);
    match &outcome {
        Ok(()) | Err(JobError::Later(_)) => {}
        Err(error) => {
            tracing::warn!(job = %job.id, name = job.name, attempts = job.attempts, %error, "a job did not finish");
        }
    }
    app.transact(&Actor::System, async |tx| queue::conclude(tx, job, &outcome, took).await).await
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
        Err(JobError::Later(_)) => "later",
        Err(JobError::Retry(_)) => "retry",
        Err(JobError::GiveUp(_)) => "given_up",
    };
    meter.time("job_seconds", vec![Label::new("job", name)], took);
    meter.count("jobs_run_total", vec![Label::new("job", name), Label::new("outcome", outcome)]);
}
