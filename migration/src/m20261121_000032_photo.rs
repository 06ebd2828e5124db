//! Catalogue: pictures of products.

use crate::columns::table;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table("product_photo")
            .id()
            .reference("product_id", "product")
            .int("position")
            .reference("file_id", "stored_file")
            .text("large_sha256")
            .text("small_sha256")
            .int("width")
            .int("height")
            .reference("created_by", "person")
            .created_at()
            .unique(&["product_id", "position"])
            .index(&["large_sha256"])
            .index(&["small_sha256"])
            .create(manager)
            .await
    }
}
