//! Sessions: who is signed in from where, the hashes of their refresh tokens, and the attempts that failed.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [session(), refresh_token(), sign_in_attempt()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn session() -> TableDraft {
    table("session")
        .id()
        .reference("person_id", "person")
        .reference("membership_id", "membership")
        .reference("organisation_id", "organisation")
        .choice(
            "role",
            &[
                "platform_operator",
                "agriculture_officer",
                "revitalisation_officer",
                "cooperative_clerk",
                "procurement_officer",
                "finance_officer",
                "enterprise_officer",
                "auditor",
            ],
        )
        .uuid("family")
        .created_at()
        .timestamp("last_used_at")
        .timestamp("expires_at")
        .text_null("user_agent")
        .text_null("address")
        .timestamp_null("revoked_at")
        .text_null("revoke_reason")
        .check(
            "ck_session_revoke_reason",
            "\"revoke_reason\" in ('signed_out', 'ended_by_operator', 'switched', 'reuse_detected')",
        )
        .check("ck_session_revoked", "(revoked_at is null) = (revoke_reason is null)")
        .index(&["person_id", "id"])
        .index(&["family"])
}

fn refresh_token() -> TableDraft {
    table("refresh_token")
        .text("hash")
        .reference("session_id", "session")
        .timestamp("issued_at")
        .timestamp("expires_at")
        .timestamp_null("used_at")
        .text_null("replaced_by")
        .key(&["hash"])
        .check("ck_refresh_token_used", "(used_at is null) = (replaced_by is null)")
        .index(&["session_id"])
}

fn sign_in_attempt() -> TableDraft {
    table("sign_in_attempt")
        .text("key")
        .int("failures")
        .timestamp("last_failed_at")
        .timestamp_null("blocked_until")
        .key(&["key"])
        .check("ck_sign_in_attempt_failures", "failures >= 0")
        .index(&["last_failed_at"])
}
