//! `liannong bench report`: every report over a year of trade.

use super::{House, machine, opened};
use crate::bench::report::Books;
use crate::config::Config;
use entity::value::ReportKind;
use std::error::Error;
use std::time::{Duration, Instant};

/// How long a report may take on PostgreSQL.
const REPORT: Duration = Duration::from_secs(10);

/// How reports are measured.
#[derive(Debug, Clone, clap::Args)]
pub struct ReportBench {
    /// How many orders of the year there are; each has eleven entries of the journal.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(100..=20_000_000))]
    pub orders: u64,
}

/// Measures reports in the database that is configured, which is filled with a year of trade.
///
/// # Errors
/// When the database refuses, or has a world already.
pub async fn report(config: Config, wanted: ReportBench) -> Result<(), Box<dyn Error>> {
    let House { app, url, database } = opened(config, "reports").await?;
    let mut books = Books::open(app, &url, wanted.orders).await?;
    let began = Instant::now();
    let written = books.fill(wanted.orders).await?;
    println!(
        "a year, {database} (not measured): {} orders, {} postings, {} entries under {} seals, in {} s",
        written.orders,
        written.postings,
        written.entries,
        written.seals,
        began.elapsed().as_secs()
    );
    let (seals, took) = books.gather().await?;
    println!(
        "summing up, {database}: {seals} seals in {}; {} entries/s, which come minute by minute",
        took.shown(),
        crate::bench::per_second(written.entries, took.time)
    );
    for kind in ReportKind::ALL {
        for (by_county, whose) in [(false, "the platform's"), (true, "the county's")] {
            // A county's office sees no quotas.
            if by_county && *kind == ReportKind::QuotaBulletin {
                continue;
            }
            let (report, took) = books.report(*kind, by_county).await?;
            let lines = keys(&report);
            let verdict = if took.time < REPORT { "reached" } else { "missed" };
            let count = lines.len();
            println!("report, {database}, {whose} {kind}: {}, {count} lines; aim under 10 s: {verdict}", took.shown());
            if by_county {
                continue;
            }
            // The widest row, one of documents that are asked for otherwise, and the narrowest.
            let county = *kind == ReportKind::CountyConsumption;
            let some = ["help.direct", "certified.no"].into_iter().filter(|_| county);
            for line in lines.first().copied().into_iter().chain(some).chain(lines.last().copied()) {
                let (documents, took) = books.behind(&report, line).await?;
                println!(
                    "behind a line, {database}, {kind} {line}: the first {documents} documents in {}",
                    took.shown()
                );
            }
        }
    }
    println!("reports, {database}: machine load {} at the end", machine::load());
    Ok(())
}

/// The keys of a report's lines.
fn keys(report: &serde_json::Value) -> Vec<&str> {
    let lines = report["snapshot"]["table"]["lines"].as_array();
    lines.into_iter().flatten().filter_map(|line| line["key"].as_str()).collect()
}
