//! Catalogue: agents sell only what a named principal lets them sell, for a time.

use crate::columns::table;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table("mandate")
            .id()
            .reference("agent_id", "organisation")
            .reference_null("principal_id", "organisation")
            .text("principal_name")
            .reference("product_id", "product")
            .date("valid_from")
            .date("valid_to")
            .reference_null("evidence_file_id", "stored_file")
            .choice("state", &["proposed", "confirmed", "ended"])
            .reference_null("decided_by", "person")
            .timestamp_null("decided_at")
            .reference("created_by", "person")
            .created_at()
            .version()
            .check("ck_mandate_term", "valid_from <= valid_to")
            .check("ck_mandate_shown", "principal_id is not null or evidence_file_id is not null")
            .index(&["agent_id", "id"])
            .index(&["principal_id", "id"])
            .index(&["product_id"])
            .create(manager)
            .await
    }
}
