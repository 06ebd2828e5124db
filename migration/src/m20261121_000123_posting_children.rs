//! Finds what points at a posting by it. These rows are checked at the commit, so SQLite looks for them whenever a posting
//! is written while any row still waits for its own: without an index it reads the whole table for each posting.

use sea_orm_migration::prelude::*;

const TABLES: [&str; 5] = ["payout", "share_run", "payment", "refund_payment", "correction"];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            let index = format!("create index \"ix_{table}_posting_id\" on \"{table}\" (posting_id)");
            manager.get_connection().execute_unprepared(&index).await?;
        }
        Ok(())
    }
}
