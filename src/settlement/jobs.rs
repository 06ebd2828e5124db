//! Background work: what is promised when goods are accepted, what accrues when they are paid.

use super::{SettlementError, service};
use crate::access::policy::SettleOrder;
use crate::access::{Actor, Grant};
use crate::app::App;
use crate::db::Event;
use crate::jobs::{JobError, JobKind, read_payload};
use crate::procurement::event::{OrderAccepted, OrderCredited, OrderPaid};
use entity::value::SupplierOrderId;
use serde::Deserialize;

/// Promises what a buyer accepted, and takes back what was credited of it.
pub const PROMISE: JobKind = JobKind {
    name: "settlement.promise",
    outward: false,
    hears: &[OrderAccepted::TOPIC, OrderCredited::TOPIC],
    run: |app, payload| Box::pin(promise(app, payload)),
};

/// Settles what a buyer paid, and takes back what was credited of it.
pub const SETTLE: JobKind = JobKind {
    name: "settlement.settle",
    outward: false,
    hears: &[OrderPaid::TOPIC, OrderCredited::TOPIC],
    run: |app, payload| Box::pin(settle(app, payload)),
};

/// What all these events say: which order moved. How far, the order itself says.
#[derive(Deserialize)]
struct AboutOrder {
    supplier_order: SupplierOrderId,
}

async fn promise(app: &App, payload: &str) -> Result<(), JobError> {
    let event: AboutOrder = read_payload(payload)?;
    let grant = Grant::<SettleOrder>::claim(&Actor::System)?;
    app.transact(&Actor::System, async |tx| -> Result<(), SettlementError> {
        service::promise(tx, &grant, event.supplier_order).await
    })
    .await?;
    Ok(())
}

async fn settle(app: &App, payload: &str) -> Result<(), JobError> {
    let event: AboutOrder = read_payload(payload)?;
    let grant = Grant::<SettleOrder>::claim(&Actor::System)?;
    app.transact(&Actor::System, async |tx| -> Result<(), SettlementError> {
        service::settle(tx, &grant, event.supplier_order).await
    })
    .await?;
    Ok(())
}
