//! `liannong search rebuild`: the index anew, from the database, while servers go on searching the old one; and
//! `liannong bench search`.

use super::bench::products::Stock;
use super::bench::search::{self as benchmark, SearchBench};
use crate::catalogue;
use crate::config::Config;
use crate::region::{self, dataset::unpack};
use crate::search::{self, SearchError};
use crate::start::{self, StartError};
use entity::value::SystemClock;
use std::cell::Cell;
use std::sync::Arc;

/// The register of produce that the demonstration shows too.
const REGISTER: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/gi_products.csv.gz"));

/// How many products are read between two lines of progress.
const EVERY: u64 = 5_000;

/// Rebuilds the index, says on the way how far it is, and at the end how many products it holds.
///
/// # Errors
/// When the database or the index cannot be read or written.
pub async fn rebuild(config: Config) -> Result<(), StartError> {
    let app = start::assemble(config, Arc::new(SystemClock)).await?;
    let all = catalogue::count_on_shelf(app.reader()).await?;
    let told = Cell::new(0);
    let products = search::rebuild_telling(&app, |read| {
        if read >= told.get() + EVERY || read == all {
            told.set(read);
            eprintln!("{read} of {all} products read");
        }
    });
    println!("{} products indexed", products.await?);
    Ok(())
}

/// Measures the embedded engine over generated products, in a folder that is removed afterwards.
///
/// # Errors
/// When the folder cannot be used.
pub fn bench(config: &Config, bench: SearchBench) -> Result<(), SearchError> {
    let unreadable = |error: std::io::Error| SearchError::Source(error.into());
    let register = unpack(REGISTER).map_err(unreadable)?;
    let divisions = unpack(region::dataset::DIVISIONS).map_err(unreadable)?;
    let categories = unpack(catalogue::dataset::CATEGORIES).map_err(unreadable)?;
    let folder = config.data.join("bench-search");
    let done = benchmark::run(bench, Stock::read(&register, &divisions, &categories), &folder);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| SearchError::Store(error.into()))?;
    }
    done
}
