//! The log: readable at a terminal, JSON in production, filtered by `RUST_LOG`.

use tracing_subscriber::EnvFilter;

/// Starts the log; a quiet one leaves out the requests that go well.
pub fn start(json: bool, quiet: bool) {
    let usual = if quiet { "warn,liannong::cli=info" } else { "warn,liannong=info" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json { log.json().init() } else { log.with_target(false).init() }
}
