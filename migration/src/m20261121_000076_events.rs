//! Events in the order of their commits: heads that hand out positions, jobs that keep them, the change feed, and what
//! is known of each turn of the clock.

use crate::alter;
use crate::columns::table;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        table("sequence_head").text("name").big("position").key(&["name"]).create(manager).await?;
        db.execute_unprepared("insert into sequence_head (name, position) values ('relay', 0), ('feed', 0)").await?;
        // SQLite numbers rows by itself as they are put in; PostgreSQL is told to.
        if manager.get_database_backend() == DbBackend::Postgres {
            db.execute_unprepared("alter table outbox add column seq bigint generated always as identity").await?;
            db.execute_unprepared("create index ix_outbox_seq on outbox (seq) where delivered_at is null").await?;
        }
        for column in ["position", "took_ms"] {
            alter::add(manager, "job", column, "bigint").await?;
        }
        alter::add(manager, "job", "topic", "text").await?;
        alter::add_uuid(manager, "job", "aggregate_id", None).await?;
        alter::add_timestamp(manager, "job", "began_at").await?;
        db.execute_unprepared(
            "create index ix_job_name_aggregate_id_position on job (name, aggregate_id, position) \
             where done_at is null and failed_at is null and aggregate_id is not null",
        )
        .await?;
        db.execute_unprepared("create index ix_job_name_done_at on job (name, done_at)").await?;
        for column in ["began_at", "ended_at", "held_until"] {
            alter::add_timestamp(manager, "schedule", column).await?;
        }
        alter::add(manager, "schedule", "took_ms", "bigint").await?;
        alter::add(manager, "schedule", "last_error", "text").await?;
        table("feed_entry")
            .big("position")
            .reference("organisation_id", "organisation")
            .uuid("event_id")
            .text("topic")
            .int("version")
            .uuid("aggregate_id")
            .text("payload")
            .timestamp("occurred_at")
            .created_at()
            .key(&["position"])
            .unique(&["organisation_id", "event_id"])
            .index(&["organisation_id", "position"])
            .index(&["created_at"])
            .create(manager)
            .await
    }
}
