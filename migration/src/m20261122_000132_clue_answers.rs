//! The day on which a clue was taken up or dismissed stands in its row, so that what a span of days came to can be told
//! at any later time. Of clues before this it is the day that their decision or the audit names.

use crate::alter;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
        let day = |instant: &str| match is_postgres {
            true => format!("cast(({instant} at time zone 'UTC') + interval '8 hours' as date)"),
            false => format!("date({instant}, '+8 hours')"),
        };
        alter::add(manager, "monitoring_clue", "answered_on", if is_postgres { "date" } else { "date_text" }).await?;
        let taken_up = "(select min(\"at\") from audit_event where object_kind = 'monitoring_clue' \
                        and object_id = monitoring_clue.id and operation = 'clue.taken_up')";
        let known = format!(
            "update monitoring_clue set answered_on = {} where state in ('taken_up', 'dismissed')",
            day(&format!("coalesce(decided_at, {taken_up}, created_at)"))
        );
        manager.get_connection().execute_unprepared(&known).await.map(drop)
    }
}
