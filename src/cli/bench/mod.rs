//! `liannong bench`: how fast it is here. Benchmarks are programs, not timed tests: they print figures, and what the
//! machine was doing meanwhile, for somebody to judge.

pub mod county;
mod ledger;
pub mod machine;
pub mod orders;
pub mod products;
pub mod report;
pub mod search;

pub use ledger::ledger;

use crate::app::App;
use crate::config::Config;
use crate::start;
use actix_web::web;
use entity::value::SystemClock;
use std::error::Error;
use std::num::NonZeroU32;
use std::sync::Arc;

/// A house that is filled for a measurement.
struct House {
    app: web::Data<App>,
    url: String,
    /// What its database is called.
    database: &'static str,
}

/// Opens the database that is configured, without a bound on requests, and says what the machine is doing meanwhile.
async fn opened(config: Config, what: &str) -> Result<House, Box<dyn Error>> {
    let url = config.database();
    let config = Config { requests_per_minute: NonZeroU32::MAX, ..config };
    let app = start::open(config, Arc::new(SystemClock)).await?;
    let database = if url.starts_with("sqlite") { "SQLite" } else { "PostgreSQL" };
    println!("{what}, {database}: machine load {}, {} % of two cores are ours", machine::load(), machine::share(2));
    Ok(House { app: web::Data::new(app), url, database })
}
