//! Open data: one process an order, its releases, and how far the listeners have come.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [process(), release(), mark()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn process() -> TableDraft {
    table("open_process")
        .reference("group_id", "order_group")
        .text("ocid")
        .int("releases")
        .text("compiled")
        .timestamp_null("released_at")
        .big("last_number")
        .key(&["group_id"])
        .check("ck_open_process_releases", "releases >= 0")
        .unique(&["ocid"])
        .index(&["last_number"])
}

fn release() -> TableDraft {
    table("open_release")
        .big("number")
        .reference("group_id", "order_group")
        .int("place")
        .text("ocid")
        .text("release_id")
        .text("tags")
        .timestamp("released_at")
        .text("month")
        .text("content")
        .text("sha256")
        .key(&["number"])
        .unique(&["group_id", "place"])
        .unique(&["release_id"])
        .index(&["month", "number"])
        .append_only()
}

fn mark() -> TableDraft {
    table("open_mark").text("name").big("number").key(&["name"])
}
