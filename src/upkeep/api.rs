//! The house's own work over HTTP.

use super::error::UpkeepError;
use super::view::{JobRun, ParkedJob, ReplayParked, Replayed, SetAside, Turn, WorkFilter, Worker, Workload};
use crate::access::Grant;
use crate::access::policy::{KeepJobs, ViewJobs};
use crate::app::App;
use crate::db::{Change, Tx};
use crate::http::{Body, Page, PageQuery, Query};
use crate::jobs::{self, Plan};
use crate::problem::Failure;
use actix_web::{HttpResponse, get, post, web};
use entity::value::JobId;
use serde_json::json;
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_jobs)
        .service(list_job_runs)
        .service(list_parked_jobs)
        .service(replay_parked_jobs)
        .service(get_parked_job)
        .service(replay_parked_job)
        .service(set_parked_job_aside);
}

/// Show the house's own work (后台任务): queues, cursors, what is in hand and how far it has come, last and next runs.
#[utoipa::path(tag = "operation", responses((status = 200, description = "All of it", body = Workload)))]
#[get("/jobs")]
async fn list_jobs(_grant: Grant<ViewJobs>, app: web::Data<App>) -> Result<HttpResponse, Failure> {
    let now = app.clock.now();
    let (standings, head) = jobs::standings(app.reader(), app.jobs, now).await?;
    let in_hand = jobs::in_hand(app.reader(), now).await?;
    let rows = jobs::turns(app.reader()).await?;
    let Plan(plan) = app.part::<Plan>()?;
    let turn = |work: &jobs::Scheduled| Turn::of(work, rows.iter().find(|row| row.name == work.name), now);
    let workload = Workload {
        head,
        workers: standings.into_iter().map(|standing| Worker::of(standing, &in_hand)).collect(),
        turns: plan.iter().map(turn).collect(),
    };
    Ok(HttpResponse::Ok().json(workload))
}

/// List what ran (运行记录), the newest first: what is in hand with how far it has come, and the last runs with how they
/// ended. Kept for thirty days.
#[utoipa::path(tag = "operation", params(WorkFilter), responses(
    (status = 200, description = "One page of it", body = Page<JobRun>),
))]
#[get("/job-runs")]
async fn list_job_runs(
    _grant: Grant<ViewJobs>,
    app: web::Data<App>,
    wanted: Query<WorkFilter>,
) -> Result<HttpResponse, Failure> {
    let WorkFilter { name, limit, cursor } = wanted.0;
    let page = PageQuery { limit, cursor };
    let (limit, before) = (page.limit()?, page.after()?.map(JobId::from_uuid));
    let rows = jobs::list_runs(app.reader(), name.as_deref(), before, limit + 1).await?;
    let now = app.clock.now();
    Ok(HttpResponse::Ok().json(Page::of(rows, limit, |row| row.id.uuid(), |row| JobRun::of(row, now))))
}

/// List work that was given up, the newest first (搁置的任务).
#[utoipa::path(tag = "operation", params(WorkFilter), responses(
    (status = 200, description = "One page of it", body = Page<ParkedJob>),
))]
#[get("/parked-jobs")]
async fn list_parked_jobs(
    _grant: Grant<ViewJobs>,
    app: web::Data<App>,
    wanted: Query<WorkFilter>,
) -> Result<HttpResponse, Failure> {
    let WorkFilter { name, limit, cursor } = wanted.0;
    let page = PageQuery { limit, cursor };
    let (limit, before) = (page.limit()?, page.after()?.map(JobId::from_uuid));
    let rows = jobs::list_parked(app.reader(), name.as_deref(), before, limit + 1).await?;
    Ok(HttpResponse::Ok().json(Page::of(rows, limit, |row| row.id.uuid(), ParkedJob::from)))
}

/// Let all parked work of a kind run again: after what stood in its way was mended.
#[utoipa::path(tag = "operation", request_body = ReplayParked, responses(
    (status = 200, description = "How much it is", body = Replayed),
))]
#[post("/parked-jobs/replay")]
async fn replay_parked_jobs(
    grant: Grant<KeepJobs>,
    app: web::Data<App>,
    wanted: Body<ReplayParked>,
) -> Result<HttpResponse, Failure> {
    let name = wanted.0.name.as_str();
    if !app.jobs.iter().any(|kind| kind.name == name) {
        return Err(UpkeepError::NoSuchWork.into());
    }
    let replay = async |tx: &Tx| -> Result<Replayed, UpkeepError> {
        let jobs = jobs::replay(tx, None, Some(name)).await?;
        let after = json!({ "name": name, "jobs": jobs });
        tx.audit(Change::made("job.replay", "job", uuid::Uuid::nil(), after)).await?;
        Ok(Replayed { jobs })
    };
    Ok(HttpResponse::Ok().json(app.transact(grant.actor(), replay).await?))
}

/// Show one piece of parked work.
#[utoipa::path(tag = "operation", params(("id" = JobId, Path, description = "The parked job")), responses(
    (status = 200, description = "It", body = ParkedJob),
))]
#[get("/parked-jobs/{id}")]
async fn get_parked_job(
    _grant: Grant<ViewJobs>,
    app: web::Data<App>,
    id: web::Path<JobId>,
) -> Result<HttpResponse, Failure> {
    let row = jobs::find_parked(app.reader(), *id).await?.ok_or(UpkeepError::NotFound)?;
    Ok(HttpResponse::Ok().json(ParkedJob::from(row)))
}

/// Let one piece of parked work run again.
#[utoipa::path(tag = "operation", params(("id" = JobId, Path, description = "The parked job")), responses(
    (status = 200, description = "It runs again at once", body = Replayed),
))]
#[post("/parked-jobs/{id}/replay")]
async fn replay_parked_job(
    grant: Grant<KeepJobs>,
    app: web::Data<App>,
    id: web::Path<JobId>,
) -> Result<HttpResponse, Failure> {
    let replay = async |tx: &Tx| -> Result<Replayed, UpkeepError> {
        let row = jobs::find_parked(tx, *id).await?.ok_or(UpkeepError::NotFound)?;
        let jobs = jobs::replay(tx, Some(*id), None).await?;
        tx.audit(Change::made("job.replay", "job", id.uuid(), json!({ "name": row.name, "jobs": jobs }))).await?;
        Ok(Replayed { jobs })
    };
    Ok(HttpResponse::Ok().json(app.transact(grant.actor(), replay).await?))
}

/// Set one piece of parked work aside for good, saying why.
#[utoipa::path(tag = "operation", request_body = SetAside,
    params(("id" = JobId, Path, description = "The parked job")),
    responses((status = 200, description = "It, as it was", body = ParkedJob)),
)]
#[post("/parked-jobs/{id}/set-aside")]
async fn set_parked_job_aside(
    grant: Grant<KeepJobs>,
    app: web::Data<App>,
    id: web::Path<JobId>,
    wanted: Body<SetAside>,
) -> Result<HttpResponse, Failure> {
    let aside = async |tx: &Tx| -> Result<ParkedJob, UpkeepError> {
        let row = jobs::find_parked(tx, *id).await?.ok_or(UpkeepError::NotFound)?;
        if !jobs::set_aside(tx, *id).await? {
            return Err(UpkeepError::NotFound);
        }
        let change = Change::moved("job.set_aside", "job", id.uuid(), "parked", "set_aside");
        tx.audit(change.because(wanted.0.reason.as_str())).await?;
        Ok(row.into())
    };
    Ok(HttpResponse::Ok().json(app.transact(grant.actor(), aside).await?))
}
