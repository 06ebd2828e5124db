//! Harvest: what households deliver, and the lots it is packed into.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [delivery(), lot(), lot_delivery()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn delivery() -> TableDraft {
    table("delivery")
        .id()
        .reference("supplier_id", "organisation")
        .reference("household_id", "household")
        .reference("agreement_id", "agreement")
        .text("variety")
        .quantity("grams")
        .quantity("price_fen_per_kg")
        .fen("value_fen")
        .date("delivered_on")
        .text_null("weigh_note")
        .quantity("packed_grams")
        .reference("recorded_by", "person")
        .created_at()
        .version()
        .check("ck_delivery_packed", "packed_grams <= grams")
        .index(&["supplier_id", "id"])
        .index(&["household_id", "id"])
        .index(&["agreement_id"])
}

fn lot() -> TableDraft {
    table("lot")
        .id()
        .reference("supplier_id", "organisation")
        .reference("product_id", "product")
        .text("code")
        .date("packed_on")
        .quantity("total_grams")
        .quantity("shipped_grams")
        .created_at()
        .version()
        .check("ck_lot_grams", "shipped_grams <= total_grams")
        .unique(&["code"])
        .index(&["product_id", "id"])
        .index(&["supplier_id", "id"])
}

fn lot_delivery() -> TableDraft {
    table("lot_delivery")
        .reference("lot_id", "lot")
        .reference("delivery_id", "delivery")
        .quantity("grams")
        .key(&["lot_id", "delivery_id"])
        .index(&["delivery_id"])
        .append_only()
}
