//! Background work: releases follow the events of orders, and the seals.

use super::service;
use crate::app::App;
use crate::db::Event;
use crate::jobs::{JobError, JobKind, Scheduled, read_payload};
use crate::procurement::event::{
    OrderAccepted, OrderAmended, OrderCancelled, OrderCompleted, OrderConfirmed, OrderCredited, OrderInvoiced,
    OrderPaid, OrderPlaced, OrderPrepaid, OrderRefused, OrderShipped,
};
use crate::settlement::IncomeBooked;
use entity::value::SupplierOrderId;
use serde::Deserialize;

/// Releases what is new about an order.
pub const RELEASE: JobKind = JobKind {
    name: "opendata.release",
    outward: false,
    hears: &[
        OrderPlaced::TOPIC,
        OrderConfirmed::TOPIC,
        OrderPrepaid::TOPIC,
        OrderShipped::TOPIC,
        OrderAccepted::TOPIC,
        OrderRefused::TOPIC,
        OrderInvoiced::TOPIC,
        OrderPaid::TOPIC,
        OrderCredited::TOPIC,
        OrderAmended::TOPIC,
        OrderCancelled::TOPIC,
        OrderCompleted::TOPIC,
        IncomeBooked::TOPIC,
    ],
    run: |app, payload| Box::pin(release(app, payload)),
    together: None,
};

/// Releases what the seals of the last minutes cover.
pub const EVERY_MINUTE: Scheduled = Scheduled {
    name: "opendata.seals",
    every_seconds: 60,
    run: |app| Box::pin(async move { service::follow_seals(app).await.map_err(Into::into) }),
};

/// Which orders an event is about; how they stand is asked of themselves.
#[derive(Deserialize)]
#[serde(untagged)]
enum About {
    Many { supplier_orders: Vec<PartOf> },
    One { supplier_order: SupplierOrderId },
}

#[derive(Deserialize)]
struct PartOf {
    id: SupplierOrderId,
}

async fn release(app: &App, payload: &str) -> Result<(), JobError> {
    let orders: Vec<SupplierOrderId> = match read_payload(payload)? {
        About::Many { supplier_orders } => supplier_orders.into_iter().map(|part| part.id).collect(),
        About::One { supplier_order } => vec![supplier_order],
    };
    Ok(service::follow_orders(app, &orders).await?)
}
