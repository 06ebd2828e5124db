//! Webhooks: endpoints, what is on its way to them, and every attempt.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [endpoint(), delivery(), attempt()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn endpoint() -> TableDraft {
    table("webhook_endpoint")
        .id()
        .reference("organisation_id", "organisation")
        .text("name")
        .text("url")
        .text("topics")
        .text("secret_cipher")
        .text_null("previous_secret_cipher")
        .timestamp_null("previous_until")
        .choice("state", &["active", "disabled"])
        .text_null("disabled_because")
        .timestamp_null("failing_since")
        .reference("created_by", "person")
        .created_at()
        .version()
        .check("ck_webhook_endpoint_disabled_because", "\"disabled_because\" in ('by_owner', 'failing', 'gone')")
        .check("ck_webhook_endpoint_disabled", "(state = 'disabled') = (disabled_because is not null)")
        .check("ck_webhook_endpoint_previous", "(previous_secret_cipher is null) = (previous_until is null)")
        .index(&["organisation_id", "id"])
}

fn delivery() -> TableDraft {
    table("webhook_delivery")
        .id()
        .reference("endpoint_id", "webhook_endpoint")
        .uuid("event_id")
        .big("position")
        .text("topic")
        .uuid("aggregate_id")
        .text("body")
        .choice("state", &["waiting", "delivered", "failed"])
        .int("attempts")
        .timestamp_null("next_at")
        .timestamp_null("delivered_at")
        .created_at()
        .unique(&["endpoint_id", "event_id"])
        .index(&["endpoint_id", "id"])
        .index(&["created_at"])
}

fn attempt() -> TableDraft {
    table("webhook_attempt")
        .reference("delivery_id", "webhook_delivery")
        .int("number")
        .timestamp("at")
        .text("outcome")
        .big("took_ms")
        .key(&["delivery_id", "number"])
        .check("ck_webhook_attempt_number", "number > 0")
}
