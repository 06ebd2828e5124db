//! `liannong migrate`: the schema and the reference data, without serving.

use crate::config::Config;
use crate::start::{self, StartError};
use entity::value::SystemClock;
use std::sync::Arc;

/// Brings everything up to date.
///
/// # Errors
/// As [`start::open`].
pub async fn migrate(config: Config) -> Result<(), StartError> {
    start::open(config, Arc::new(SystemClock)).await?.db.close().await?;
    Ok(())
}
