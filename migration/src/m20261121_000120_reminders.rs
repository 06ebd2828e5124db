//! Rounds of reminders that were told.

use crate::columns::table;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table("reminder_round")
            .text("subject")
            .text("period")
            .timestamp("told_at")
            .big("told")
            .key(&["subject", "period"])
            .check("ck_reminder_round_told", "told >= 0")
            .append_only()
            .create(manager)
            .await
    }
}
