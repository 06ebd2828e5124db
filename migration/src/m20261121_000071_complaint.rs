//! Complaints between the sides of an order.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        complaint().create(manager).await?;
        complaint_step().create(manager).await
    }
}

fn complaint() -> TableDraft {
    table("complaint")
        .id()
        .reference("supplier_order_id", "supplier_order")
        .reference("filed_by", "organisation")
        .reference("against", "organisation")
        .choice("kind", &["quality", "delivery", "service", "price", "payment", "other"])
        .text("text")
        .text("files")
        .choice("state", &["open", "answered", "escalated", "settled", "decided", "withdrawn"])
        .timestamp("answer_by")
        .timestamp_null("decide_by")
        .text_null("outcome")
        .check("ck_complaint_outcome", "\"outcome\" in ('upheld', 'partly_upheld', 'rejected')")
        .check("ck_complaint_decided", "(state = 'decided') = (outcome is not null)")
        .reference("created_by", "person")
        .created_at()
        .timestamp_null("closed_at")
        .version()
        .unique_where(&["supplier_order_id", "filed_by", "kind"], "closed_at is null")
        .index(&["filed_by", "id"])
        .index(&["against", "id"])
        .index_where(&["answer_by"], "state = 'open'")
}

fn complaint_step() -> TableDraft {
    table("complaint_step")
        .reference("complaint_id", "complaint")
        .int("number")
        .choice("step", &["answer", "settle", "escalate", "decide", "withdraw", "unanswered"])
        .text_null("text")
        .text("files")
        .reference_null("organisation_id", "organisation")
        .reference_null("taken_by", "person")
        .timestamp("taken_at")
        .key(&["complaint_id", "number"])
        .append_only()
}
