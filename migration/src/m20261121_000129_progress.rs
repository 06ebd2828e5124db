//! How far work in hand has come, beside the job or the turn it is; and the runs of one kind of work, newest first.

use crate::alter;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UNITS: &str = "'rows', 'households', 'products', 'percent'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["job", "schedule"] {
            for column in ["progress_done", "progress_of"] {
                let number = format!("bigint constraint \"ck_{table}_{column}\" CHECK (\"{column}\" >= 0)");
                alter::add(manager, table, column, &number).await?;
            }
            let unit = format!("text constraint \"ck_{table}_progress_unit\" CHECK (\"progress_unit\" in ({UNITS}))");
            alter::add(manager, table, "progress_unit", &unit).await?;
            alter::add_timestamp(manager, table, "progress_at").await?;
        }
        let runs = "create index ix_job_name_id on job (name, id)";
        manager.get_connection().execute_unprepared(runs).await.map(drop)
    }
}
