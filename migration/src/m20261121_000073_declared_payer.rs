//! In whose name else a buyer's money may come.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        declared_payer().create(manager).await
    }
}

fn declared_payer() -> TableDraft {
    table("declared_payer")
        .id()
        .reference("buyer_id", "organisation")
        .text("payer_name")
        .text("reason")
        .reference("declared_by", "person")
        .timestamp("declared_at")
        .timestamp_null("ended_at")
        .unique_where(&["buyer_id", "payer_name"], "ended_at is null")
        .index(&["payer_name"])
        .index(&["buyer_id", "id"])
}
