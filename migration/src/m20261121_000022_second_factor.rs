//! Passwords that are forgotten, and the second factor beside them.

use crate::columns::table;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table("password_reset")
            .id()
            .text("asked_hash")
            .reference_null("person_id", "person")
            .text("token_hash")
            .created_at()
            .timestamp("expires_at")
            .timestamp_null("used_at")
            .unique(&["token_hash"])
            .index(&["asked_hash", "created_at"])
            .index(&["person_id"])
            .create(manager)
            .await?;
        table("second_factor")
            .reference("id", "person")
            .text_null("secret_cipher")
            .text_null("pending_cipher")
            .big("last_step")
            .timestamp_null("confirmed_at")
            .created_at()
            .version()
            .key(&["id"])
            .check("ck_second_factor_confirmed", "(secret_cipher is null) = (confirmed_at is null)")
            .create(manager)
            .await?;
        table("recovery_code")
            .text("hash")
            .reference("person_id", "person")
            .created_at()
            .timestamp_null("used_at")
            .key(&["hash"])
            .index(&["person_id"])
            .create(manager)
            .await
    }
}
