//! `liannong prices import`: a wholesale market's file of prices into the daily table.

use crate::access::Actor;
use crate::catalogue::price::{Market, import_prices};
use crate::config::Config;
use crate::start::{self, StartError};
use entity::value::SystemClock;
use std::path::Path;
use std::sync::Arc;

/// Brings the file in, and says what was left out and why.
///
/// # Errors
/// When the file or the database cannot be read, or the file was brought in before.
pub async fn import(config: Config, file: &Path, market: Market) -> Result<(), StartError> {
    let content = std::fs::read(file).map_err(|error| StartError::Folder(file.display().to_string(), error))?;
    let app = start::open(config, Arc::new(SystemClock)).await?;
    let report = app.transact(&Actor::System, async |tx| import_prices(tx, &market, &content).await).await?;
    println!(
        "{} rows, {} left out, {} daily prices of {}",
        report.rows_total, report.rows_refused, report.prices, report.market
    );
    for fault in &report.faults {
        println!("  left out as {:?}: {}", fault.fault, fault.rows);
    }
    for row in report.refused.iter().take(20) {
        println!("  line {}: {:?}", row.line, row.fault);
    }
    Ok(())
}
