//! Orders in several parts: quantities of a line beyond one shipment and one acceptance, and the documents of each.

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
];
const REFUSAL_KINDS: &[&str] = &["short", "damaged", "quality", "wrong_goods", "other"];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["invoiced_fen", "credited_fen", "refunded_fen", "overpaid_fen", "repaid_fen"] {
            alter::add(manager, "supplier_order", column, "bigint not null default 0").await?;
        }
        for column in ["refused_packs", "withdrawn_packs", "returned_packs", "credited_fen"] {
            alter::add(manager, "order_line", column, "bigint not null default 0").await?;
        }
        alter::add(manager, "shipment", "number", "integer not null default 1").await?;
        alter::add(manager, "acceptance", "number", "integer not null default 1").await?;
        alter::add_uuid(manager, "acceptance", "shipment_id", Some("shipment")).await?;
        carry_over(manager).await?;
        alter::choices(manager, "supplier_order", "state", ORDER_STATES).await?;
        alter::check(
            manager,
            "order_line",
            "ck_order_line_progress",
            "accepted_packs + refused_packs <= shipped_packs \
             and shipped_packs - refused_packs + withdrawn_packs <= packs and returned_packs <= accepted_packs \
             and refused_packs >= 0 and withdrawn_packs >= 0 and returned_packs >= 0 and credited_fen >= 0",
        )
        .await?;
        for made in [
            acceptance_line(),
            order_amendment(),
            order_amendment_line(),
            order_return(),
            order_return_line(),
            credit_note(),
            credit_note_line(),
        ] {
            made.create(manager).await?;
        }
        Ok(())
    }
}

/// What orders had been through when they had one shipment, one acceptance and one invoice.
async fn carry_over(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    for sql in [
        "drop index \"ux_shipment_supplier_order_id\"",
        "create unique index \"ux_shipment_supplier_order_id_number\" on \"shipment\" (supplier_order_id, number)",
        "drop index \"ux_acceptance_supplier_order_id\"",
        "create unique index \"ux_acceptance_supplier_order_id_number\" on \"acceptance\" (supplier_order_id, number)",
        "create unique index \"ux_acceptance_shipment_id\" on \"acceptance\" (shipment_id)",
        "update supplier_order set invoiced_fen = accepted_fen where invoiced_at is not null",
        "update order_line set refused_packs = shipped_packs - accepted_packs,
           withdrawn_packs = shipped_packs - accepted_packs
         where supplier_order_id in (select id from supplier_order where accepted_at is not null)",
        "update order_line set withdrawn_packs = packs
         where supplier_order_id in (select id from supplier_order where state = 'cancelled')",
    ] {
        db.execute_unprepared(sql).await?;
    }
    Ok(())
}

fn acceptance_line() -> TableDraft {
    table("acceptance_line")
        .reference("acceptance_id", "acceptance")
        .reference("line_id", "order_line")
        .quantity("accepted_packs")
        .quantity("refused_packs")
        .quantity("over_packs")
        .flag("is_replaced")
        .text_null("kind")
        .check("ck_acceptance_line_kind", "\"kind\" in ('short', 'damaged', 'quality', 'wrong_goods', 'other')")
        .text_null("reason")
        .text("photos")
        .key(&["acceptance_id", "line_id"])
        .index(&["line_id"])
        .append_only()
}

fn order_amendment() -> TableDraft {
    table("order_amendment")
        .id()
        .reference("supplier_order_id", "supplier_order")
        .int("number")
        .fen("amount_fen")
        .text("reason")
        .reference("made_by", "person")
        .reference("organisation_id", "organisation")
        .timestamp("made_at")
        .unique(&["supplier_order_id", "number"])
        .append_only()
}

fn order_amendment_line() -> TableDraft {
    table("order_amendment_line")
        .reference("amendment_id", "order_amendment")
        .reference("line_id", "order_line")
        .quantity("withdrawn_packs")
        .key(&["amendment_id", "line_id"])
        .index(&["line_id"])
        .append_only()
}

fn order_return() -> TableDraft {
    table("order_return")
        .id()
        .reference("supplier_order_id", "supplier_order")
        .int("number")
        .choice("state", &["requested", "received", "declined"])
        .choice("kind", REFUSAL_KINDS)
        .text("reason")
        .text("photos")
        .reference("requested_by", "person")
        .timestamp("requested_at")
        .reference_null("decided_by", "person")
        .timestamp_null("decided_at")
        .text_null("opinion")
        .unique(&["supplier_order_id", "number"])
}

fn order_return_line() -> TableDraft {
    table("order_return_line")
        .reference("return_id", "order_return")
        .reference("line_id", "order_line")
        .quantity("packs")
        .text_null("disposition")
        .check("ck_order_return_line_disposition", "\"disposition\" in ('restocked', 'written_off')")
        .key(&["return_id", "line_id"])
        .index(&["line_id"])
}

fn credit_note() -> TableDraft {
    table("credit_note")
        .id()
        .reference("supplier_order_id", "supplier_order")
        .int("number")
        .choice("kind", &["return", "allowance"])
        .reference_null("return_id", "order_return")
        .fen("amount_fen")
        .fen("refunded_fen")
        .text("reason")
        .reference("made_by", "person")
        .timestamp("made_at")
        .unique(&["supplier_order_id", "number"])
        .unique(&["return_id"])
        .append_only()
}

fn credit_note_line() -> TableDraft {
    table("credit_note_line")
        .reference("credit_note_id", "credit_note")
        .reference("line_id", "order_line")
        .quantity("packs")
        .fen("amount_fen")
        .key(&["credit_note_id", "line_id"])
        .index(&["line_id"])
        .append_only()
}
