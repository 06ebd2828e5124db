//! Background work: what is promised when goods are accepted, what accrues when they are paid.

use super::together::{self, Left};
use super::{SettlementError, service};
use crate::access::policy::SettleOrder;
use crate::access::{Actor, Grant};
use crate::app::App;
use crate::db::{Event, Tx};
use crate::jobs::{JobError, JobKind, read_payload};
use crate::procurement::event::{OrderAccepted, OrderCredited, OrderPaid};
use entity::value::{ShareBasis, SupplierOrderId};
use serde::Deserialize;

/// Promises what a buyer accepted, and takes back what was credited of it.
pub const PROMISE: JobKind = JobKind {
    name: "settlement.promise",
    outward: false,
    hears: &[OrderAccepted::TOPIC, OrderCredited::TOPIC],
    run: |app, payload| Box::pin(alone(app, ShareBasis::Promised, payload)),
    together: Some(|app, payloads| Box::pin(together(app, ShareBasis::Promised, payloads))),
};

/// Settles what a buyer paid, and takes back what was credited of it. What was paid goes to the goods first, so goods that
/// are accepted later may take what stood for the carriage until then.
pub const SETTLE: JobKind = JobKind {
    name: "settlement.settle",
    outward: false,
    hears: &[OrderAccepted::TOPIC, OrderPaid::TOPIC, OrderCredited::TOPIC],
    run: |app, payload| Box::pin(alone(app, ShareBasis::Accrued, payload)),
    together: Some(|app, payloads| Box::pin(together(app, ShareBasis::Accrued, payloads))),
};

/// What all these events say: which order moved. How far, the order itself says.
#[derive(Deserialize)]
struct AboutOrder {
    supplier_order: SupplierOrderId,
}

async fn alone(app: &App, basis: ShareBasis, payload: &str) -> Result<(), JobError> {
    let event: AboutOrder = read_payload(payload)?;
    book(app, &Grant::claim(&Actor::System)?, basis, event.supplier_order).await
}

async fn book(
    app: &App,
    grant: &Grant<SettleOrder>,
    basis: ShareBasis,
    order: SupplierOrderId,
) -> Result<(), JobError> {
    let book = async |tx: &Tx| service::book_alone(tx, grant, basis, order).await;
    Ok(app.transact(&Actor::System, book).await?)
}

/// Those heard of for the first time in one transaction; the rest, one after the other.
async fn together(app: &App, basis: ShareBasis, payloads: &[&str]) -> Result<(), JobError> {
    let mut orders = Vec::with_capacity(payloads.len());
    for payload in payloads {
        let event: AboutOrder = read_payload(payload)?;
        orders.push(event.supplier_order);
    }
    let grant = Grant::<SettleOrder>::claim(&Actor::System)?;
    let mut alone = Vec::new();
    while !orders.is_empty() {
        let book =
            async |tx: &Tx| -> Result<Left, SettlementError> { together::book_first(tx, &grant, basis, &orders).await };
        let left = app.transact(&Actor::System, book).await?;
        alone.extend(left.alone);
        orders = left.rest;
    }
    for order in alone {
        book(app, &grant, basis, order).await?;
    }
    Ok(())
}
