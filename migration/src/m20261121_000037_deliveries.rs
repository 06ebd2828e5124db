//! Deliveries in full: grade, category, receipt, corrections; registered land, ceilings of yield, and what exceeds them.

use crate::alter;
use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

const LAND: &[&str] = &["cropland", "forest", "orchard", "water", "pasture"];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["category_code", "grade", "receipt_number"] {
            alter::add(manager, "delivery", column, "text").await?;
        }
        alter::add_timestamp(manager, "delivery", "reversed_at").await?;
        let sql = "create unique index \"ux_delivery_receipt_number\" on \"delivery\" (\"receipt_number\")";
        manager.get_connection().execute_unprepared(sql).await?;
        for table in [household_land(), yield_ceiling(), delivery_correction(), delivery_flag()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn household_land() -> TableDraft {
    table("household_land")
        .id()
        .reference("household_id", "household")
        .choice("kind", LAND)
        .quantity("square_metres")
        .date("from_date")
        .text("source")
        .reference("entered_by", "person")
        .created_at()
        .index(&["household_id", "from_date"])
        .append_only()
}

fn yield_ceiling() -> TableDraft {
    table("yield_ceiling")
        .id()
        .code("category_code", "category")
        .text_null("division_code")
        .choice("land_kind", LAND)
        .quantity("grams_per_square_metre")
        .date("from_date")
        .text("source")
        .reference("entered_by", "person")
        .created_at()
        .index(&["category_code"])
        .append_only()
}

fn delivery_correction() -> TableDraft {
    table("delivery_correction")
        .id()
        .reference("delivery_id", "delivery")
        .reference_null("replacement_id", "delivery")
        .text("reason")
        .reference("corrected_by", "person")
        .created_at()
        .unique(&["delivery_id"])
        .index(&["replacement_id"])
        .append_only()
}

fn delivery_flag() -> TableDraft {
    table("delivery_flag")
        .reference("delivery_id", "delivery")
        .reference("ceiling_id", "yield_ceiling")
        .quantity("square_metres")
        .quantity("ceiling_grams")
        .quantity("delivered_grams")
        .choice("state", &["open", "accepted", "rejected"])
        .reference_null("decided_by", "person")
        .timestamp_null("decided_at")
        .text_null("opinion")
        .key(&["delivery_id"])
        .index(&["state", "delivery_id"])
}
