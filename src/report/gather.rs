//! Summing up the journal for reports (报表汇总): seal by seal, once each.
//!
//! What stands under a seal never changes, so its sums are made once and kept; a report adds up sums, and takes as long as
//! there are orders, not as long as the journal is. Promises: a seal is summed up as a whole or not at all, in the order of
//! the seals; whoever asks for a report has everything summed up first that goes into it.

use super::ReportError;
use super::store::gather as sums;
use crate::access::Actor;
use crate::app::App;
use crate::jobs::Scheduled;
use crate::problem::Failure;

/// Seals that are looked for at a time.
const AT_ONCE: u64 = 1_000;

/// Sums up what was sealed lately, so that reports need not wait for it.
pub const EVERY_MINUTE: Scheduled = Scheduled {
    name: "report.gather",
    every_seconds: 60,
    run: |app| Box::pin(async move { up_to(app, i64::MAX).await.map(drop).map_err(Into::into) }),
};

/// Sums up every seal up to one that is not summed up yet, each in a transaction of its own; says how many.
///
/// # Errors
/// When the database refuses.
pub async fn up_to(app: &App, seal: i64) -> Result<u64, Failure> {
    let mut gathered = 0;
    loop {
        let seals = sums::ungathered(app.reader(), seal, AT_ONCE).await.map_err(ReportError::from)?;
        if seals.is_empty() {
            return Ok(gathered);
        }
        for number in seals {
            let act = async |tx: &_| -> Result<u64, ReportError> {
                // Somebody else who does the same at this moment is waited for, and has done it.
                if !sums::take(tx, number).await? {
                    return Ok(0);
                }
                sums::gather_sales(tx, number).await?;
                sums::gather_shares(tx, number).await?;
                Ok(1)
            };
            gathered += app.transact(&Actor::System, act).await?;
        }
    }
}
