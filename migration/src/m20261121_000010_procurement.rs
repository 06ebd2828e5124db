//! Procurement: orders, shipments, acceptance, ratings.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [order_group(), supplier_order(), order_line(), shipment(), shipment_lot(), acceptance(), rating()]
        {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn order_group() -> TableDraft {
    table("order_group")
        .id()
        .text("number")
        .reference("buyer_id", "organisation")
        .reference_null("budget_id", "budget")
        .reference("placed_by", "person")
        .fen("total_fen")
        .text("deliver_to")
        .timestamp("placed_at")
        .version()
        .unique(&["number"])
        .index(&["buyer_id", "id"])
        .index(&["budget_id"])
}

fn supplier_order() -> TableDraft {
    table("supplier_order")
        .id()
        .reference("group_id", "order_group")
        .text("number")
        .reference("supplier_id", "organisation")
        .reference("buyer_id", "organisation")
        .reference("plan_id", "plan")
        .choice(
            "state",
            &["placed", "confirmed", "shipped", "accepted", "invoiced", "paid", "completed", "cancelled", "refused"],
        )
        .text("transfer_code")
        .fen("total_fen")
        .fen("accepted_fen")
        .fen("paid_fen")
        .timestamp("placed_at")
        .timestamp_null("confirmed_at")
        .timestamp_null("shipped_at")
        .timestamp_null("accepted_at")
        .timestamp_null("invoiced_at")
        .timestamp_null("paid_at")
        .timestamp_null("completed_at")
        .text_null("closed_reason")
        .version()
        .unique(&["number"])
        .unique(&["transfer_code"])
        .index(&["group_id"])
        .index(&["supplier_id", "id"])
        .index(&["buyer_id", "id"])
        .index(&["state"])
        .index(&["plan_id"])
}

fn order_line() -> TableDraft {
    table("order_line")
        .id()
        .reference("supplier_order_id", "supplier_order")
        .int("line_no")
        .reference("product_id", "product")
        .reference("price_id", "product_price")
        .text("product_name")
        .fen("unit_price_fen")
        .quantity("pack_grams")
        .quantity("packs")
        .quantity("reserved_packs")
        .quantity("shipped_packs")
        .quantity("accepted_packs")
        .text_null("refusal_reason")
        .check("ck_order_line_progress", "accepted_packs <= shipped_packs and shipped_packs <= packs")
        .unique(&["supplier_order_id", "line_no"])
        .index(&["product_id"])
}

fn shipment() -> TableDraft {
    table("shipment")
        .id()
        .reference("supplier_order_id", "supplier_order")
        .text("carrier")
        .text("tracking_number")
        .reference("shipped_by", "person")
        .timestamp("shipped_at")
        .unique(&["supplier_order_id"])
}

fn shipment_lot() -> TableDraft {
    table("shipment_lot")
        .reference("shipment_id", "shipment")
        .reference("line_id", "order_line")
        .reference("lot_id", "lot")
        .quantity("packs")
        .quantity("grams")
        .key(&["shipment_id", "line_id", "lot_id"])
        .index(&["lot_id"])
        .append_only()
}

fn acceptance() -> TableDraft {
    table("acceptance")
        .id()
        .reference("supplier_order_id", "supplier_order")
        .reference("accepted_by", "person")
        .timestamp("accepted_at")
        .text_null("note")
        .unique(&["supplier_order_id"])
        .append_only()
}

fn rating() -> TableDraft {
    table("rating")
        .reference("supplier_order_id", "supplier_order")
        .small("quality")
        .small("delivery")
        .small("service")
        .text_null("comment")
        .reference("rated_by", "person")
        .timestamp("rated_at")
        .key(&["supplier_order_id"])
        .check("ck_rating_quality", "quality between 1 and 5")
        .check("ck_rating_delivery", "delivery between 1 and 5")
        .check("ck_rating_service", "service between 1 and 5")
        .append_only()
}
