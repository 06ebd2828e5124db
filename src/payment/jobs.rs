//! Background work: money that came before the invoice, or before the supplier took the order on, is looked at again then.

use super::{PaymentError, service};
use crate::access::policy::MatchPayment;
use crate::access::{Actor, Grant};
use crate::app::App;
use crate::db::Event;
use crate::jobs::{JobError, JobKind, read_payload};
use crate::procurement::event::{OrderConfirmed, OrderInvoiced};
use entity::value::SupplierOrderId;
use serde::Deserialize;

/// Matches rows that waited for an invoice or a confirmation.
pub const REMATCH: JobKind = JobKind {
    name: "payment.rematch",
    outward: false,
    hears: &[OrderInvoiced::TOPIC, OrderConfirmed::TOPIC],
    run: |app, payload| Box::pin(rematch(app, payload)),
    together: None,
};

/// What both events say: which order moved.
#[derive(Deserialize)]
struct AboutOrder {
    supplier_order: SupplierOrderId,
}

async fn rematch(app: &App, payload: &str) -> Result<(), JobError> {
    let event: AboutOrder = read_payload(payload)?;
    let grant = Grant::<MatchPayment>::claim(&Actor::System)?;
    app.transact(&Actor::System, async |tx| -> Result<(), PaymentError> {
        service::rematch(tx, &app.secrets, &grant, event.supplier_order).await
    })
    .await?;
    Ok(())
}
