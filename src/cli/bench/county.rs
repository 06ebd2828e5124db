//! `liannong bench county`: the register of a county, its night, and the pages people look at.

use super::{House, machine, opened};
use crate::bench::county::{County, Page};
use crate::config::Config;
use std::error::Error;
use std::time::{Duration, Instant};

/// How long the night may take.
const NIGHT: Duration = Duration::from_secs(60);
/// How long a page may take, ninety-nine times of a hundred.
const PAGE: Duration = Duration::from_millis(100);

/// How a county is measured.
#[derive(Debug, Clone, clap::Args)]
pub struct CountyBench {
    /// How many households it has; three and a half people each.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..=140_000))]
    pub households: u32,

    /// How long each page is asked for.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub seconds: u64,

    /// How many clients ask for it at a time.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=64))]
    pub clients: u64,
}

/// Measures a county in the database that is configured, which is filled with it.
///
/// # Errors
/// When the database refuses, or has a world already.
pub async fn county(config: Config, wanted: CountyBench) -> Result<(), Box<dyn Error>> {
    let House { app, url, database } = opened(config, "county").await?;
    let mut county = County::open(app, &url, wanted.households).await?;
    let imported = county.import(wanted.households).await?;
    let whole = imported.checked.time + imported.carried_out.time;
    println!(
        "import, {database}: {} households, {} people in {} MiB: looked at in {}, carried out in {}; {} rows/s in all",
        wanted.households,
        imported.rows,
        imported.bytes >> 20,
        imported.checked.shown(),
        imported.carried_out.shown(),
        crate::bench::per_second(imported.rows, whole)
    );
    let began = Instant::now();
    let (lived, written) = county.live().await?;
    println!(
        "three years, {database} (not measured): {} entries of history, {} rows of income, {} agreements, {} orders, {} \
         entries of the journal under {} seals, in {} s",
        lived.history,
        lived.income,
        lived.agreements,
        written.orders,
        written.entries,
        written.seals,
        began.elapsed().as_secs()
    );
    for time in ["first", "second"] {
        let (clues, took) = county.night().await?;
        let verdict = if took.time < NIGHT { "reached" } else { "missed" };
        println!("night, {database}, {time}: {}, {clues} clues; aim under 60 s: {verdict}", took.shown());
    }
    for page in Page::ALL {
        let timed = county.ask_for(page, wanted.clients, Duration::from_secs(wanted.seconds)).await?;
        let verdict = if timed.p99 < PAGE { "reached" } else { "missed" };
        println!(
            "page, {database}, {}: p50 {:.1?}, p99 {:.1?}, slowest {:.1?} of {}; aim p99 under 100 ms: {verdict}",
            page.name(),
            timed.p50,
            timed.p99,
            timed.most,
            timed.pages
        );
    }
    println!("county, {database}: machine load {} at the end", machine::load());
    Ok(())
}
