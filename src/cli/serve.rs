//! `liannong serve` and `liannong demo`: the server and the worker in one process.

use crate::app::App;
use crate::config::Config;
use crate::feed::Closing;
use crate::paper::Typesetter;
use crate::start::{self, StartError};
use crate::telemetry::Telemetry;
use crate::{demo, jobs, listeners, readings, server};
use actix_web::web;
use entity::value::SystemClock;
use std::sync::Arc;

/// Serves what the configuration names.
///
/// # Errors
/// When the house cannot be put together or the address cannot be listened on.
pub async fn serve(config: Config) -> Result<(), StartError> {
    let app = start::open(config, Arc::new(SystemClock)).await?;
    if app.config.production {
        start::refuse_demonstration(&app).await?;
    }
    run(app).await
}

/// Serves the demonstration world, which is made at the first start.
///
/// # Errors
/// As [`serve`]; and in production mode.
pub async fn demo(config: Config) -> Result<(), StartError> {
    if config.production {
        return Err(StartError::DemonstrationAccounts);
    }
    demo::build_if_absent(&config).await?;
    let app = start::open(config, Arc::new(SystemClock)).await?;
    println!("{}", demo::greeting(&app.config));
    run(app).await
}

async fn run(app: App) -> Result<(), StartError> {
    if let Err(error) = app.part::<Typesetter>()?.check() {
        tracing::warn!(%error, "papers cannot be issued: install the Debian package fonts-wqy-microhei or set LIANNONG_FONT");
    }
    let telemetry = Telemetry::begin(&app.config)?;
    let listen = app.config.listen;
    let app = web::Data::new(app);
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = actix_web::rt::spawn({
        let app = app.clone();
        let stopped = stopped.clone();
        async move { jobs::work(&app, listeners::CLOCK, stopped).await }
    });
    let outward = actix_web::rt::spawn({
        let app = app.clone();
        async move { jobs::work_outward(&app, stopped).await }
    });
    actix_web::rt::spawn({
        let app = app.clone();
        async move {
            told_to_stop().await;
            // Whoever waits for news is sent home, so that the server need not wait for them.
            if let Ok(closing) = app.part::<Closing>() {
                closing.begin();
            }
        }
    });
    if let Some(listen) = app.config.metrics_listen {
        let app = app.clone();
        actix_web::rt::spawn(async move {
            if let Err(error) = readings::serve(app, listen).await {
                tracing::error!(%listen, %error, "metrics are not served");
            }
        });
    }
    tracing::info!(%listen, "serving");
    let served = server::serve(app, listen).await;
    // The server has answered what it had in hand; the worker finishes its batch.
    let _worker_gone = stop.send(true);
    let _aborted = worker.await;
    let _aborted = outward.await;
    if let Some(telemetry) = telemetry {
        telemetry.finish().await;
    }
    served.map_err(|error| StartError::Listen(listen.to_string(), error))
}

/// Waits until the process is told to stop: the server hears it, too, and finishes what it has in hand.
async fn told_to_stop() {
    #[cfg(unix)]
    if let Ok(mut terminated) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        return;
    }
    let _interrupted = tokio::signal::ctrl_c().await;
}
