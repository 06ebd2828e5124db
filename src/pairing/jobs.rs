//! Background work: a purchase that has become income is counted.

use super::{PairingError, service};
use crate::access::Actor;
use crate::app::App;
use crate::db::Event;
use crate::jobs::{JobError, JobKind, read_payload};
use crate::settlement::IncomeBooked;

/// Counts what a purchase contributes.
pub const CONTRIBUTE: JobKind = JobKind {
    name: "pairing.contribute",
    outward: false,
    hears: &[IncomeBooked::TOPIC],
    run: |app, payload| Box::pin(contribute(app, payload)),
    together: None,
};

async fn contribute(app: &App, payload: &str) -> Result<(), JobError> {
    let event: IncomeBooked = read_payload(payload)?;
    app.transact(&Actor::System, async |tx| -> Result<(), PairingError> { service::contribute(tx, &event).await })
        .await?;
    Ok(())
}
