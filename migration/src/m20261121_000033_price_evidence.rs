//! Catalogue: proofs of prices, wholesale prices, and what is flagged.

use crate::columns::table;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table("price_evidence")
            .id()
            .reference("product_id", "product")
            .reference("price_id", "product_price")
            .choice("kind", &["link", "document"])
            .text_null("link")
            .reference_null("file_id", "stored_file")
            .fen("seen_price_fen")
            .quantity("seen_pack_grams")
            .reference("created_by", "person")
            .created_at()
            .index(&["product_id", "id"])
            .append_only()
            .create(manager)
            .await?;
        table("price_import")
            .id()
            .text("market")
            .code("region_code", "division")
            .text("sha256")
            .big("rows_total")
            .big("rows_refused")
            .big("prices")
            .reference_null("imported_by", "person")
            .timestamp("imported_at")
            .unique(&["sha256", "market"])
            .append_only()
            .create(manager)
            .await?;
        table("reference_price")
            .text("market")
            .text("variety")
            .text("spec")
            .date("day")
            .code("region_code", "division")
            .quantity("low_fen_per_kg")
            .quantity("average_fen_per_kg")
            .quantity("high_fen_per_kg")
            .int("rows")
            .reference("import_id", "price_import")
            .check(
                "ck_reference_price_order",
                "low_fen_per_kg <= average_fen_per_kg and average_fen_per_kg <= high_fen_per_kg",
            )
            .key(&["market", "variety", "spec", "day"])
            .index(&["variety", "day"])
            .create(manager)
            .await?;
        table("product_flag")
            .id()
            .reference("product_id", "product")
            .choice("kind", &["price_above_peers", "price_above_reference", "alike"])
            .choice("state", &["open", "cleared", "upheld"])
            .reference("price_id", "product_price")
            .quantity("fen_per_kg")
            .quantity_null("compared_fen_per_kg")
            .text("comparison")
            .reference_null("like_product_id", "product")
            .timestamp("raised_at")
            .reference_null("decided_by", "person")
            .timestamp_null("decided_at")
            .text_null("opinion")
            .version()
            .index(&["product_id", "id"])
            .index(&["state", "id"])
            .unique_where(&["product_id", "kind"], "\"state\" = 'open'")
            .create(manager)
            .await
    }
}
