//! What the clock does about papers (资质到期): warns before they end, holds back on the day after, puts back what holds
//! again.
//!
//! Promises: safe to run twice; with many servers one of them takes each turn. Each part is a transaction of its own, so
//! that one that fails does not keep the others from their turn.

use super::{admission, product};
use crate::access::Actor;
use crate::app::App;
use crate::jobs::{JobError, Scheduled};
use sea_orm::DbErr;

/// Looks at every paper once an hour.
pub const EVERY_HOUR: Scheduled =
    Scheduled { name: "catalogue.papers", every_seconds: 3600, run: |app| Box::pin(look(app)) };

async fn look(app: &App) -> Result<(), JobError> {
    app.transact(&Actor::System, async |tx| -> Result<(), DbErr> {
        admission::warn(tx).await?;
        product::warn(tx).await
    })
    .await?;
    app.transact(&Actor::System, async |tx| admission::lapse(tx).await).await?;
    app.transact(&Actor::System, async |tx| product::hold_back(tx).await).await?;
    Ok(())
}
