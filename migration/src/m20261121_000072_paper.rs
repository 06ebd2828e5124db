//! Papers that were issued: contracts, payment requests, acceptance forms, statements of account.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        paper().create(manager).await
    }
}

fn paper() -> TableDraft {
    table("paper")
        .id()
        .choice("kind", &["contract", "payment_request", "acceptance_form", "statement"])
        .text("number")
        .reference_null("supplier_order_id", "supplier_order")
        .reference("supplier_id", "organisation")
        .reference("buyer_id", "organisation")
        .fen("amount_fen")
        .text("content")
        .text("code")
        .text("sha256")
        .reference("issued_by", "person")
        .timestamp("issued_at")
        .unique(&["code", "sha256"])
        .index(&["supplier_order_id"])
        .index(&["supplier_id", "id"])
        .index(&["buyer_id", "id"])
        .append_only()
}
