//! Reports that fail: how often one was tried, and what the last failure was.
//!
//! A report that runs while this is applied is called failed until a worker takes it up again, which it may do from
//! there; one whose worker never comes back can be asked for anew.

use crate::alter;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let attempts = "integer not null default 0 constraint \"ck_report_run_attempts\" CHECK (\"attempts\" >= 0)";
        alter::add(manager, "report_run", "attempts", attempts).await?;
        alter::add(manager, "report_run", "last_error", "text").await?;
        let interrupted = "update report_run set state = 'failed' where state = 'running'";
        manager.get_connection().execute_unprepared(interrupted).await.map(drop)
    }
}
