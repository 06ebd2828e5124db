//! What the house does for its database by itself.

use crate::app::App;
use crate::jobs::{JobError, Scheduled};

/// Lets the database look at its tables where they grew.
pub const EVERY_HOUR: Scheduled =
    Scheduled { name: "upkeep.statistics", every_seconds: 3600, run: |app| Box::pin(look(app)) };

async fn look(app: &App) -> Result<(), JobError> {
    Ok(app.db.look_at_tables().await?)
}
