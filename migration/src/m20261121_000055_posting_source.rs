//! Every posting names its rule and the hash of its inputs; entries of a closed posting are refused a statement at a time.

use crate::{alter, dialect};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Absent in what was posted before: those postings keep their digests of the first two formats.
        alter::add(manager, "posting", "rule_version", "text").await?;
        alter::add(manager, "posting", "inputs_hash", "text").await?;
        dialect::guard_entries_by_statement(manager).await
    }
}
