//! Orders that are paid first, and the clocks of orders.

use crate::alter;
use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

const ORDER_STATES: &[&str] = &[
    "placed",
    "confirmed",
    "shipped",
    "accepted",
    "invoiced",
    "paid",
    "completed",
    "cancelled",
    "refused",
    "partly_shipped",
    "returned",
    "awaiting_payment",
];

const ACCOUNT_KINDS: &[&str] = &[
    "budget_granted",
    "budget_available",
    "budget_encumbered",
    "budget_spent",
    "buyer_receivable",
    "supplier_revenue",
    "supplier_cash",
    "supplier_retained",
    "promise_given",
    "household_promised",
    "household_payable",
    "buyer_refund",
    "supplier_clawback",
    "period_pool",
    "payout_in_transit",
    "off_platform_sales",
    "buyer_advance",
];

const CLOCKS: &[&str] = &["answer", "payment", "shipping", "acceptance", "silent_acceptance"];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let terms = "text not null default 'goods_first' constraint \"ck_supplier_order_terms\" \
                     CHECK (\"terms\" in ('goods_first', 'pay_first'))";
        alter::add(manager, "supplier_order", "terms", terms).await?;
        let days =
            "integer not null default 7 constraint \"ck_supplier_order_ship_days\" CHECK (ship_days in (7, 15, 30))";
        alter::add(manager, "supplier_order", "ship_days", days).await?;
        let days = "integer not null default 30 constraint \"ck_supplier_order_term_days\" \
                    CHECK (term_days between 1 and 60)";
        alter::add(manager, "supplier_order", "term_days", days).await?;
        for column in ["dropped_fen", "prepaid_fen", "unused_fen"] {
            let amount = format!(
                "bigint not null default 0 constraint \"ck_supplier_order_{column}\" CHECK (\"{column}\" >= 0)"
            );
            alter::add(manager, "supplier_order", column, &amount).await?;
        }
        alter::add_timestamp(manager, "supplier_order", "pay_by").await?;
        alter::add(manager, "supplier_order", "pay_extended", "boolean not null default false").await?;
        alter::add_timestamp(manager, "supplier_order", "ship_by").await?;
        let expired = "text constraint \"ck_supplier_order_expired_by\" \
                       CHECK (\"expired_by\" in ('answer', 'payment', 'shipping', 'acceptance', 'silent_acceptance'))";
        alter::add(manager, "supplier_order", "expired_by", expired).await?;
        alter::add(manager, "acceptance", "is_silent", "boolean not null default false").await?;
        alter::choices(manager, "supplier_order", "state", ORDER_STATES).await?;
        alter::choices(manager, "account", "kind", ACCOUNT_KINDS).await?;
        let db = manager.get_connection();
        for sql in [
            "update supplier_order set dropped_fen = coalesce((select sum(l.withdrawn_packs * l.unit_price_fen)
               from order_line l where l.supplier_order_id = supplier_order.id), 0)",
            "create index \"ix_supplier_order_pay_by\" on \"supplier_order\" (pay_by) where state = 'awaiting_payment'",
            "create index \"ix_supplier_order_ship_by\" on \"supplier_order\" (ship_by)
               where state in ('confirmed', 'partly_shipped')",
            "create index \"ix_shipment_shipped_at\" on \"shipment\" (shipped_at)",
        ] {
            db.execute_unprepared(sql).await?;
        }
        order_clock().create(manager).await
    }
}

fn order_clock() -> TableDraft {
    table("order_clock")
        .id()
        .reference("supplier_order_id", "supplier_order")
        .choice("kind", CLOCKS)
        .int("number")
        .reference_null("shipment_id", "shipment")
        .timestamp("ran_out_at")
        .timestamp("acted_at")
        .unique(&["supplier_order_id", "kind", "number"])
        .index(&["shipment_id"])
        .append_only()
}
