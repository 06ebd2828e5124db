//! Seals over the journal, blinded lines, and a clock for background work.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Absent in what was posted before: those postings keep their digests of the first format.
        let salt = Table::alter().table("posting").add_column(ColumnDef::new("salt").text().null()).to_owned();
        manager.alter_table(salt).await?;
        for table in [schedule(), seal(), seal_leaf()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn schedule() -> TableDraft {
    table("schedule").text("name").timestamp("next_at").key(&["name"])
}

fn seal() -> TableDraft {
    table("seal")
        .big("number")
        .big("posting_count")
        .text("merkle_root")
        .text("previous_hash")
        .text("hash")
        .text("signature")
        .text("public_key")
        .timestamp("sealed_at")
        .key(&["number"])
        .check("ck_seal_number", "number >= 1")
        .check("ck_seal_posting_count", "posting_count >= 1")
        .append_only()
}

fn seal_leaf() -> TableDraft {
    table("seal_leaf")
        .number_of("seal_number", "seal")
        .int("leaf_index")
        .reference("posting_id", "posting")
        .text("digest")
        .key(&["seal_number", "leaf_index"])
        .check("ck_seal_leaf_leaf_index", "leaf_index >= 0")
        .unique(&["posting_id"])
        .append_only()
}
