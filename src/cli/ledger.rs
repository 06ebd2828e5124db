//! `liannong ledger rebuild`: the sums of accounts anew, from their entries.

use crate::access::Actor;
use crate::config::Config;
use crate::ledger;
use crate::start::{self, StartError};
use entity::value::SystemClock;
use std::sync::Arc;

/// Rebuilds the sums and says how many accounts had others.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn rebuild(config: Config) -> Result<(), StartError> {
    let app = start::open(config, Arc::new(SystemClock)).await?;
    let changed =
        app.transact(&Actor::System, async |tx| ledger::rebuild(tx).await).await.map_err(StartError::House)?;
    println!("{changed} accounts had other sums than their entries 账户余额已按分录重建");
    Ok(())
}
