//! Background work: the figures of a quota follow the orders.

use super::{QuotaError, service};
use crate::access::Actor;
use crate::app::App;
use crate::db::Event;
use crate::jobs::{JobError, JobKind, read_payload};
use crate::procurement::event::{
    OrderAccepted, OrderAmended, OrderCancelled, OrderCompleted, OrderCredited, OrderPaid, OrderPlaced, OrderRefused,
};
use entity::value::SupplierOrderId;
use serde::Deserialize;

/// Lets the figures follow orders.
pub const FOLLOW: JobKind = JobKind {
    name: "quota.follow",
    outward: false,
    hears: &[
        OrderPlaced::TOPIC,
        OrderAccepted::TOPIC,
        OrderRefused::TOPIC,
        OrderPaid::TOPIC,
        OrderCompleted::TOPIC,
        OrderCancelled::TOPIC,
        OrderAmended::TOPIC,
        OrderCredited::TOPIC,
    ],
    run: |app, payload| Box::pin(follow(app, payload)),
    together: None,
};

/// Which orders an event is about; nothing else of it is believed, for the order itself says how it stands.
#[derive(Deserialize)]
#[serde(untagged)]
enum About {
    Many { supplier_orders: Vec<Part> },
    One { supplier_order: SupplierOrderId },
}

#[derive(Deserialize)]
struct Part {
    id: SupplierOrderId,
}

async fn follow(app: &App, payload: &str) -> Result<(), JobError> {
    let orders: Vec<SupplierOrderId> = match read_payload(payload)? {
        About::Many { supplier_orders } => supplier_orders.into_iter().map(|part| part.id).collect(),
        About::One { supplier_order } => vec![supplier_order],
    };
    app.transact(&Actor::System, async |tx| -> Result<(), QuotaError> { service::follow(tx, &orders).await }).await?;
    Ok(())
}
