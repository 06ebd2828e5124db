//! The worker: relays events, claims jobs, runs them, and holds on to those that take long.

use super::progress::{Work, in_hand};
use super::queue::LEASE;
use super::{JobError, Scheduled, Together, clock, queue, relay};
use crate::access::Actor;
use crate::app::App;
use crate::db::dialect::Lane;
use crate::meter::Meter;
use crate::outage::{self, Place};
use crate::problem::{Failure, Problem};
use crate::telemetry;
use entity::job;
use entity::value::JobId;
use futures_util::future::{Either, join_all, select};
use metrics::Label;
use std::pin::pin;
use std::time::{Duration, Instant};
use tracing::Instrument;

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
            for some in alike(app, &jobs) {
                Box::pin(run_all(app, &some)).await?;
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

/// The jobs in their order, those of a kind that is done together side by side at the place of their first. What is about
/// one object is never twice in a batch of a kind, so nothing overtakes what it follows.
fn alike<'a>(app: &App, jobs: &'a [job::Model]) -> Vec<Vec<&'a job::Model>> {
    let mut groups: Vec<Vec<&job::Model>> = Vec::new();
    for job in jobs {
        let same = |group: &&mut Vec<&job::Model>| group.first().is_some_and(|first| first.name == job.name);
        match groups.iter_mut().find(same).filter(|_| together(app, &job.name).is_some()) {
            Some(group) => group.push(job),
            None => groups.push(vec![job]),
        }
    }
    groups
}

fn together(app: &App, name: &str) -> Option<Together> {
    app.jobs.iter().find(|kind| kind.name == name)?.together
}

/// Several of a kind at once where that goes well, and each alone otherwise.
async fn run_all(app: &App, jobs: &[&job::Model]) -> Result<(), Failure> {
    if let [first, _, ..] = jobs
        && let Some(together) = together(app, &first.name)
    {
        let (began, payloads) = (Instant::now(), jobs.iter().map(|job| job.payload.as_str()).collect::<Vec<_>>());
        let name = known(app, &first.name);
        let told = telemetry::together(name, jobs.len());
        match told.around(together(app, &payloads)).await {
            Ok(()) => {
                outage::here(Place::JobDone);
                told.concluded("done", false);
                let each = began.elapsed() / u32::try_from(jobs.len()).unwrap_or(u32::MAX);
                jobs.iter().for_each(|_| note(app, name, "done", each));
                let ids: Vec<JobId> = jobs.iter().map(|job| job.id).collect();
                return app.transact(&Actor::System, async |tx| queue::conclude_all(tx, &ids, each).await).await;
            }
            Err(error) => {
                told.concluded("one_by_one", false);
                tracing::info!(name = first.name, jobs = jobs.len(), %error, "jobs are done one by one");
            }
        }
    }
    for job in jobs {
        run_and_conclude(app, job).await?;
    }
    Ok(())
}

/// Names come from our own code only: one that we do not know is counted as such.
fn known(app: &App, name: &str) -> &'static str {
    app.jobs.iter().find(|kind| kind.name == name).map_or("unknown", |kind| kind.name)
}

async fn run_and_conclude(app: &App, job: &job::Model) -> Result<(), Failure> {
    let began = Instant::now();
    let name = known(app, &job.name);
    let told = telemetry::job(name, job.attempts);
    let span = tracing::info_span!("job", job = %job.id, name, trace_id = tracing::field::Empty);
    if let Some(trace) = told.trace_id() {
        span.record("trace_id", trace);
    }
    let outcome = told.around(in_hand(Work::Job(job.id), run_one(app, job))).instrument(span.clone()).await;
    outage::here(Place::JobDone);
    let took = began.elapsed();
    told.concluded(word(&outcome), matches!(outcome, Err(JobError::Retry(_) | JobError::GiveUp(_))));
    note(app, name, word(&outcome), took);
    match &outcome {
        Ok(()) | Err(JobError::Later(_)) => {}
        Err(error) => {
            let _inside = span.entered();
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

/// How a job ended, in a word.
fn word(outcome: &Result<(), JobError>) -> &'static str {
    match outcome {
        Ok(()) => "done",
        Err(JobError::Later(_)) => "later",
        Err(JobError::Retry(_)) => "retry",
        Err(JobError::GiveUp(_)) => "given_up",
    }
}

/// Counts a job that was run.
fn note(app: &App, name: &'static str, outcome: &'static str, took: Duration) {
    let Ok(meter) = app.part::<Meter>() else { return };
    meter.time("job_seconds", vec![Label::new("job", name)], took);
    meter.count("jobs_run_total", vec![Label::new("job", name), Label::new("outcome", outcome)]);
}
