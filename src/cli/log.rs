//! The log: readable at a terminal, JSON in production, filtered by `RUST_LOG`.

use tracing_subscriber::EnvFilter;

/// Starts the log; a quiet one leaves out the requests that go well.
pub fn start(json: bool, quiet: bool) {
    let usual = if quiet { "warn,liannong::cli=info" } else { "warn,liannong=info" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    // A line that cannot be written is lost, and nobody is told on the very stream that takes none: that would panic.
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).log_internal_errors(false);
    if json { log.json().init() } else { log.with_target(false).init() }
}
