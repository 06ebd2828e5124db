//! What others may hear of orders.

use crate::db::Event;
use chrono::NaiveDate;
use entity::value::{ClockKind, Fen, OrderGroupId, OrganisationId, SupplierOrderId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal, $aggregate:ident {
        $($(#[$field_doc:meta])* $field:ident: $kind:ty,)+
    })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $kind,)+
        }

        impl Event for $name {
            const TOPIC: &'static str = $topic;
            fn aggregate(&self) -> Uuid {
                self.$aggregate.uuid()
            }
        }
    )+};
}

/// One supplier's part of an order that was placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PlacedPart {
    /// The supplier order.
    pub id: SupplierOrderId,
    /// The number people quote.
    pub number: String,
    /// Who sells.
    pub supplier: OrganisationId,
    /// What was ordered of them.
    pub total_fen: Fen,
}

events! {
    /// An order was placed.
    OrderPlaced = "order.placed", group {
        /// The order.
        group: OrderGroupId,
        /// The number people quote.
        number: String,
        /// Who buys.
        buyer: OrganisationId,
        /// The sum over all suppliers.
        total_fen: Fen,
        /// Its parts, one a supplier.
        supplier_orders: Vec<PlacedPart>,
    }
    /// A supplier took an order on.
    OrderConfirmed = "order.confirmed", supplier_order {
        /// The supplier order.
        supplier_order: SupplierOrderId,
        /// Who sells.
        supplier: OrganisationId,
        /// Who buys.
        buyer: OrganisationId,
    }
    /// Money came before the goods.
    OrderPrepaid = "order.prepaid", supplier_order {
        /// The supplier order.
        supplier_order: SupplierOrderId,
        /// Who sells.
        supplier: OrganisationId,
        /// Who buys.
        buyer: OrganisationId,
        /// How much.
        amount_fen: Fen,
    }
    /// A clock of an order ran out: it was called off, counts as accepted, or somebody is late.
    OrderReminded = "order.reminded", supplier_order {
        /// The supplier order.
        supplier_order: SupplierOrderId,
        /// The number people quote.
        number: String,
        /// Who sells.
        supplier: OrganisationId,
        /// Who buys.
        buyer: OrganisationId,
        /// Which clock.
        clock: ClockKind,
    }
    /// A supplier's goods left.
    OrderShipped = "order.shipped", supplier_order {
        /// The supplier order.
        supplier_order: SupplierOrderId,
        /// Who sells.
        supplier: OrganisationId,
        /// Who buys.
        buyer: OrganisationId,
    }
    /// A buyer accepted goods, all or some of them.
    OrderAccepted = "order.accepted", supplier_order {
        /// The supplier order.
        supplier_order: SupplierOrderId,
        /// Who sells.
        supplier: OrganisationId,
        /// Who buys.
        buyer: OrganisationId,
        /// What was accepted.
        accepted_fen: Fen,
        /// The business day.
        accepted_on: NaiveDate,
    }
    /// A buyer accepted nothing of what came.
    OrderRefused = "order.refused", supplier_order {
        /// The supplier order.
        supplier_order: SupplierOrderId,
        /// Who sells.
        supplier: OrganisationId,
        /// Who buys.
        buyer: OrganisationId,
    }
    /// The money for an order arrived.
    OrderPaid = "order.paid", supplier_order {
        /// The supplier order.
        supplier_order: SupplierOrderId,
        /// Who sells.
        supplier: OrganisationId,
        /// Who buys.
        buyer: OrganisationId,
        /// How much.
        amount_fen: Fen,
        /// The business day.
        paid_on: NaiveDate,
    }
    /// Packs were taken off an order before they left.
    OrderAmended = "order.amended", supplier_order {
        /// The supplier order.
        supplier_order: SupplierOrderId,
        /// Who sells.
        supplier: OrganisationId,
        /// Who buys.
        buyer: OrganisationId,
        /// What they would have cost.
        withdrawn_fen: Fen,
    }
    /// An invoice for an order was recorded.
    OrderInvoiced = "order.invoiced", supplier_order {
        /// The supplier order.
        supplier_order: SupplierOrderId,
        /// Who sells.
        supplier: OrganisationId,
        /// Who buys.
        buyer: OrganisationId,
        /// What is invoiced in all now.
        invoiced_fen: Fen,
    }
    /// Accepted goods went back, or became cheaper: less is to be paid, or something is owed back.
    OrderCredited = "order.credited", supplier_order {
        /// The supplier order.
        supplier_order: SupplierOrderId,
        /// Who sells.
        supplier: OrganisationId,
        /// Who buys.
        buyer: OrganisationId,
        /// How much.
        amount_fen: Fen,
        /// How much of that had been paid.
        refunded_fen: Fen,
        /// The business day.
        credited_on: NaiveDate,
    }
    /// An order was rated, and is complete.
    OrderCompleted = "order.completed", supplier_order {
        /// The supplier order.
        supplier_order: SupplierOrderId,
        /// Who sells.
        supplier: OrganisationId,
        /// Who buys.
        buyer: OrganisationId,
    }
    /// An order was called off before its goods left.
    OrderCancelled = "order.cancelled", supplier_order {
        /// The supplier order.
        supplier_order: SupplierOrderId,
        /// Who sells.
        supplier: OrganisationId,
        /// Who buys.
        buyer: OrganisationId,
    }
}
