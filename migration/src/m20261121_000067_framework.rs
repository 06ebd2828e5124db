//! Framework agreements and their lines; carts.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [framework(), line(), cart()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn framework() -> TableDraft {
    table("framework")
        .id()
        .reference("buyer_id", "organisation")
        .reference("supplier_id", "organisation")
        .text("title")
        .choice("state", &["proposed", "active", "declined", "ended"])
        .date("valid_from")
        .date("valid_to")
        .fen("ceiling_fen")
        .reference_null("document_id", "stored_file")
        .reference("proposed_by", "person")
        .reference_null("answered_by", "person")
        .timestamp_null("answered_at")
        .text_null("closed_reason")
        .created_at()
        .version()
        .check("ck_framework_dates", "valid_from <= valid_to")
        .index(&["buyer_id", "id"])
        .index(&["supplier_id", "id"])
}

fn line() -> TableDraft {
    table("framework_line")
        .id()
        .reference("framework_id", "framework")
        .int("line_no")
        .reference("product_id", "product")
        .fen("unit_price_fen")
        .quantity("ceiling_packs")
        .unique(&["framework_id", "line_no"])
        .unique(&["framework_id", "product_id"])
        .index(&["product_id"])
        .append_only()
}

fn cart() -> TableDraft {
    table("cart_line")
        .reference("buyer_id", "organisation")
        .reference("person_id", "person")
        .reference("product_id", "product")
        .quantity("packs")
        .timestamp("put_at")
        .check("ck_cart_line_some", "packs > 0")
        .key(&["buyer_id", "person_id", "product_id"])
}
