//! Foundations: repeated requests, the audit, events waiting to be told, background work.

use crate::columns::{TableDraft, table};
use crate::dialect;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::prepare_append_only(manager).await?;
        for table in [idempotency_key(), audit_event(), outbox(), job()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn idempotency_key() -> TableDraft {
    table("idempotency_key")
        .uuid("actor_id")
        .uuid("organisation_id")
        .text("key")
        .text("request_hash")
        .int("status")
        .text("body")
        .created_at()
        .key(&["actor_id", "organisation_id", "key"])
        .check("ck_idempotency_key_key", "length(\"key\") <= 255")
        .index(&["created_at"])
}

fn audit_event() -> TableDraft {
    table("audit_event")
        .id()
        .timestamp("at")
        .uuid_null("person_id")
        .uuid_null("organisation_id")
        .text("role")
        .text("operation")
        .text("object_kind")
        .uuid("object_id")
        .text_null("before")
        .text_null("after")
        .text_null("reason")
        .text_null("request_id")
        .index(&["object_kind", "object_id", "id"])
        .index(&["organisation_id", "id"])
        .index(&["person_id", "id"])
        .append_only()
}

fn outbox() -> TableDraft {
    table("outbox")
        .id()
        .text("topic")
        .uuid("aggregate_id")
        .text("payload")
        .created_at()
        .timestamp_null("delivered_at")
        .index_where(&["id"], "delivered_at is null")
}

fn job() -> TableDraft {
    table("job")
        .id()
        .text("name")
        .text("payload")
        .timestamp("run_at")
        .int("attempts")
        .timestamp_null("locked_until")
        .timestamp_null("done_at")
        .timestamp_null("failed_at")
        .text_null("last_error")
        .created_at()
        .index_where(&["run_at"], "done_at is null and failed_at is null")
}
