//! Budget: what a unit may spend in a year from a fund source.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [budget()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn budget() -> TableDraft {
    table("budget")
        .id()
        .reference("unit_id", "organisation")
        .int("year")
        .text("fund_source")
        .fen("amount_fen")
        .reference("created_by", "person")
        .created_at()
        .version()
        .unique(&["unit_id", "year", "fund_source"])
}
