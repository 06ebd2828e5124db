//! How the house stands, read when somebody asks: what waits in the outbox and in each queue and for how long, what was
//! given up, the pool, the age of the last seal.
//!
//! Promises: a constant number of small statements for each reading, whatever waits; nothing is changed by looking.
//! Served at an address of its own (`LIANNONG_METRICS_LISTEN`), for it is not for the public.

use crate::app::App;
use crate::meter::Meter;
use crate::problem::Failure;
use crate::{db, jobs, seal, search};
use ::metrics::Label;
use actix_web::http::header;
use actix_web::{HttpResponse, HttpServer, get, web};
use std::net::SocketAddr;

/// Everything an instrument reads, as text.
///
/// # Errors
/// When the database cannot be asked.
pub async fn readings(app: &App) -> Result<String, Failure> {
    let meter = app.part::<Meter>()?;
    let now = app.clock.now();
    let age = |since: Option<entity::value::Timestamp>| since.map_or(0, |since| (now - since).num_seconds());
    let outbox = db::undelivered(app.reader()).await?;
    meter.set("outbox_undelivered", vec![], outbox.count);
    meter.set("outbox_lag_seconds", vec![], age(outbox.oldest));
    for kind in app.jobs {
        // Also those of which nothing waits: a series that vanishes alarms nobody.
        let name = || vec![Label::new("job", kind.name)];
        meter.set("jobs_waiting", name(), 0);
        meter.set("jobs_given_up", name(), 0);
        meter.set("jobs_lag_seconds", name(), 0);
    }
    for queue in jobs::queues(app.reader()).await? {
        let name = || vec![Label::new("job", queue.name.clone())];
        meter.set("jobs_waiting", name(), queue.waiting);
        meter.set("jobs_given_up", name(), queue.given_up);
        meter.set("jobs_lag_seconds", name(), age(queue.oldest));
    }
    for turn in jobs::turns(app.reader()).await? {
        let name = || vec![Label::new("work", turn.name.clone())];
        meter.set("clock_turn_age_seconds", name(), age(turn.ended_at));
        meter.set("clock_turn_milliseconds", name(), turn.took_ms.unwrap_or(0));
        meter.set("clock_turn_failed", name(), i64::from(turn.last_error.is_some()));
        meter.set("clock_turn_running", name(), i64::from(turn.held_until.is_some_and(|until| until > now)));
    }
    let search = jobs::lag(app.reader(), &search::INDEX).await?;
    meter.set("search_lag_events", vec![], i64::try_from(search.events).unwrap_or(i64::MAX));
    meter.set("search_lag_seconds", vec![], age(search.oldest));
    let pool = app.db.pool();
    meter.set("database_connections", vec![Label::new("state", "open")], i64::from(pool.open));
    meter.set("database_connections", vec![Label::new("state", "idle")], i64::from(pool.idle));
    meter.set("seal_age_seconds", vec![], age(seal::last_sealed_at(app.reader()).await?));
    Ok(meter.text())
}

#[get("/metrics")]
async fn metrics(app: web::Data<App>) -> Result<HttpResponse, Failure> {
    let text = readings(&app).await?;
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")).body(text))
}

/// Serves the readings, and nothing else, until the process is told to stop.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(app: web::Data<App>, listen: SocketAddr) -> std::io::Result<()> {
    HttpServer::new(move || actix_web::App::new().app_data(app.clone()).service(metrics))
        .workers(1)
        .disable_signals()
        .bind(listen)?
        .run()
        .await
}
