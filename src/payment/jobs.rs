//! Background work: money that came before the invoice is looked at again when the invoice is there.

use super::{PaymentError, service};
use crate::access::policy::MatchPayment;
use crate::access::{Actor, Grant};
use crate::app::App;
use crate::db::Event;
use crate::jobs::{JobError, JobKind, read_payload};
use crate::procurement::event::OrderInvoiced;

/// Matches rows that waited for an invoice.
pub const REMATCH: JobKind = JobKind {
    name: "payment.rematch",
    hears: &[OrderInvoiced::TOPIC],
    run: |app, payload| Box::pin(rematch(app, payload)),
};

async fn rematch(app: &App, payload: &str) -> Result<(), JobError> {
    let event: OrderInvoiced = read_payload(payload)?;
    let grant = Grant::<MatchPayment>::claim(&Actor::System)?;
    app.transact(&Actor::System, async |tx| -> Result<(), PaymentError> {
        service::rematch(tx, &grant, event.supplier_order).await
    })
    .await?;
    Ok(())
}
