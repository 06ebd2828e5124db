//! `liannong bench`: measures this machine, and prints each figure beside what bounds it.

use crate::bench::{self, Commits, Load, copy_ceiling, post_for, shares_per_second, verify_synthetic};
use crate::config::Config;
use crate::start;
use entity::value::SystemClock;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Households of a small and of a large order.
const HOUSEHOLDS: [usize; 2] = [20, 1000];
/// What is posted: households of an order, and orders in a transaction, one by one and as a worker settles them.
const ORDERS: [(usize, usize); 4] = [(20, 1), (20, 50), (1000, 1), (1000, 5)];
/// Posting at the same time on PostgreSQL; SQLite has one writer.
const POSTERS: usize = 8;

/// Measures the engine, posting on SQLite in the data folder and on PostgreSQL where one is named, and verification.
///
/// # Errors
/// When a database refuses, or the data folder cannot be written.
pub async fn ledger(config: Config, entries: u64, seconds: u64) -> Result<(), Box<dyn Error>> {
    let during = Duration::from_secs(seconds);
    for households in HOUSEHOLDS {
        let households_signed = i64::try_from(households)?;
        let shares = shares_per_second(households_signed, during)?;
        println!("engine, {households:>4} households: {shares:>9} shares/s");
    }
    let sqlite = Config { database_url: None, ..config.clone() };
    let app = start::open(sqlite, Arc::new(SystemClock)).await?;
    for (households, together) in ORDERS {
        let load = Load { households, together, posters: 1 };
        let (rate, _) = post_for(&app, load, during).await.map_err(|error| error.to_string())?;
        println!("posting, SQLite,     {households:>4} households, {together:>2} at once: {rate:>9} entries/s");
    }
    app.db.close().await?;
    if let Some(url) = config.database_url.clone().filter(|url| url.starts_with("postgres")) {
        postgres(config.clone(), &url, during).await?;
    }
    verification(&config.data, entries)
}

async fn postgres(config: Config, url: &str, during: Duration) -> Result<(), Box<dyn Error>> {
    let app = start::open(config, Arc::new(SystemClock)).await?;
    for (households, together) in ORDERS {
        let load = Load { households, together, posters: POSTERS };
        let (rate, posted) = post_for(&app, load, during).await.map_err(|error| error.to_string())?;
        let bulk = copy_ceiling(url, households, POSTERS, posted, Commits::Once).await?;
        let alike = copy_ceiling(url, households, POSTERS, posted, Commits::EachPosting).await?;
        println!(
            "posting, PostgreSQL, {households:>4} households, {together:>2} at once: {rate:>9} entries/s; the same rows by COPY, a transaction a \
             posting {alike:>9}, ratio {}; in one transaction {bulk:>9}, ratio {}",
            ratio(rate, alike),
            ratio(rate, bulk)
        );
    }
    app.db.close().await?;
    Ok(())
}

/// One beside the other, with two digits.
fn ratio(rate: u64, ceiling: u64) -> String {
    let hundredths = rate * 100 / ceiling.max(1);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn verification(folder: &Path, entries: u64) -> Result<(), Box<dyn Error>> {
    let bench::Verified { entries, bytes, took, per_second, peak_kib } =
        verify_synthetic(&folder.join("bench-journal.txt"), entries)?;
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    println!(
        "verification of an exported journal: {per_second:>9} entries/s ({entries} entries, {} MiB, {} ms, {cores} \
         cores; most memory of the process {} MiB)",
        bytes >> 20,
        took.as_millis(),
        peak_kib.unwrap_or_default() >> 10
    );
    Ok(())
}
