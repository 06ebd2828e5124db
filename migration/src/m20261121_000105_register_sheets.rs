//! The register of households comes by the sheet too.

use crate::alter;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let kinds = ["products", "stock", "deliveries", "payouts", "households"];
        alter::choices(manager, "sheet_import", "kind", &kinds).await?;
        // Absent while the content is kept: a register names everybody by their numbers, and is not kept for long.
        alter::add_timestamp(manager, "sheet_import", "erased_at").await?;
        let mut due = Index::create().name("ix_sheet_import_kind_updated_at").table("sheet_import").to_owned();
        manager.create_index(due.col("kind").col("updated_at").to_owned()).await
    }
}
