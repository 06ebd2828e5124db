//! What became of organisations: renamed, merged, split, abolished; and what they were called when.

use crate::columns::table;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table("organisation_change")
            .id()
            .reference("organisation_id", "organisation")
            .choice("kind", &["renamed", "merged", "split", "abolished"])
            .date("on_date")
            .text("document_number")
            .reference("document_id", "stored_file")
            .text("name_before")
            .text("name_after")
            .reference("recorded_by", "person")
            .created_at()
            .index(&["organisation_id", "on_date"])
            .append_only()
            .create(manager)
            .await?;
        table("organisation_successor")
            .reference("change_id", "organisation_change")
            .reference("successor_id", "organisation")
            .key(&["change_id", "successor_id"])
            .index(&["successor_id"])
            .append_only()
            .create(manager)
            .await
    }
}
