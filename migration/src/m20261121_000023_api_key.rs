//! Keys by which software acts for an organisation.

use crate::columns::table;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table("api_key")
            .id()
            .reference("organisation_id", "organisation")
            .reference("membership_id", "membership")
            .reference("person_id", "person")
            .text("name")
            .text("prefix")
            .text("hash")
            .text("scopes")
            .timestamp("expires_at")
            .reference("created_by", "person")
            .created_at()
            .timestamp_null("revoked_at")
            .reference_null("revoked_by", "person")
            .timestamp_null("last_used_at")
            .version()
            .check("ck_api_key_revoked", "(revoked_at is null) = (revoked_by is null)")
            .unique(&["hash"])
            .index(&["organisation_id", "id"])
            .create(manager)
            .await
    }
}
