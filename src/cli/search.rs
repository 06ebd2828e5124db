//! `liannong search rebuild`: the index anew, from the database.

use crate::config::Config;
use crate::search;
use crate::start::{self, StartError};
use entity::value::SystemClock;
use std::sync::Arc;

/// Rebuilds the index and says how many products it holds.
///
/// # Errors
/// When the database or the index cannot be read or written.
pub async fn rebuild(config: Config) -> Result<(), StartError> {
    let app = start::open(config, Arc::new(SystemClock)).await?;
    let products = search::rebuild(&app).await?;
    println!("{products} products indexed");
    Ok(())
}
