//! Codes by which enterprises bring buyers, and the orders they brought.

use crate::alter;
use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        code().create(manager).await?;
        alter::add_uuid(manager, "order_group", "referral_id", Some("referral_code")).await
    }
}

fn code() -> TableDraft {
    table("referral_code")
        .id()
        .reference("enterprise_id", "organisation")
        .text("code")
        .text("label")
        .reference("created_by", "person")
        .created_at()
        .timestamp_null("ended_at")
        .version()
        .unique(&["code"])
        .index(&["enterprise_id", "id"])
}
