//! Published demands, who is invited to answer them, and quotations: sealed, and what was opened of them.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [demand(), line(), invite(), quotation(), quotation_line()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn demand() -> TableDraft {
    table("demand")
        .id()
        .reference("buyer_id", "organisation")
        .text("title")
        .text("deliver_to")
        .choice("audience", &["all", "invited"])
        .int("min_quotations")
        .timestamp("deadline")
        .choice("state", &["published", "opened", "failed", "awarded", "cancelled"])
        .reference("published_by", "person")
        .timestamp("published_at")
        .reference_null("opened_by", "person")
        .timestamp_null("opened_at")
        .uuid_null("awarded_id")
        .text_null("reason")
        .reference_null("request_id", "purchase_request")
        .timestamp_null("closed_at")
        .version()
        .check("ck_demand_min_quotations", "min_quotations between 1 and 20")
        .check("ck_demand_awarded", "(awarded_id is not null) = (state = 'awarded')")
        .index(&["buyer_id", "id"])
        .index(&["state", "id"])
}

fn line() -> TableDraft {
    table("demand_line")
        .reference("demand_id", "demand")
        .int("line_no")
        .text("name")
        .text_null("category_code")
        .text_null("specification")
        .quantity("packs")
        .quantity_null("ceiling_fen")
        .key(&["demand_id", "line_no"])
        .append_only()
}

fn invite() -> TableDraft {
    table("demand_invite")
        .reference("demand_id", "demand")
        .reference("supplier_id", "organisation")
        .key(&["demand_id", "supplier_id"])
        .index(&["supplier_id"])
        .append_only()
}

fn quotation() -> TableDraft {
    table("quotation")
        .id()
        .reference("demand_id", "demand")
        .reference("supplier_id", "organisation")
        .text("sealed_cipher")
        .choice("state", &["sealed", "withdrawn", "opened"])
        .quantity_null("total_fen")
        .text_null("note")
        .reference("submitted_by", "person")
        .timestamp("submitted_at")
        .version()
        .check("ck_quotation_opened", "(total_fen is not null) = (state = 'opened')")
        .unique(&["demand_id", "supplier_id"])
        .index(&["supplier_id"])
}

fn quotation_line() -> TableDraft {
    table("quotation_line")
        .reference("quotation_id", "quotation")
        .int("line_no")
        .reference("product_id", "product")
        .fen("unit_price_fen")
        .key(&["quotation_id", "line_no"])
        .append_only()
}
