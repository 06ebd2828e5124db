//! Pairing: enterprises paired with villages and what came of it.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [programme(), pairing(), contribution()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn programme() -> TableDraft {
    table("programme")
        .id()
        .text("name")
        .date("starts_on")
        .date("ends_on")
        .reference("created_by", "person")
        .created_at()
        .version()
        .check("ck_programme_term", "ends_on >= starts_on")
        .unique(&["name"])
}

fn pairing() -> TableDraft {
    table("pairing")
        .id()
        .reference("programme_id", "programme")
        .reference("enterprise_id", "organisation")
        .reference("village_id", "organisation")
        .date("starts_on")
        .date("ends_on")
        .reference_null("evidence_file_id", "stored_file")
        .reference("created_by", "person")
        .created_at()
        .version()
        .check("ck_pairing_term", "ends_on >= starts_on")
        .unique(&["programme_id", "enterprise_id", "village_id"])
        .index(&["enterprise_id", "id"])
        .index(&["village_id"])
}

fn contribution() -> TableDraft {
    table("contribution")
        .id()
        .reference("pairing_id", "pairing")
        .choice("kind", &["purchase"])
        .reference("supplier_order_id", "supplier_order")
        .fen("amount_fen")
        .fen("reached_fen")
        .int("households")
        .date("occurred_on")
        .created_at()
        .check("ck_contribution_households", "households >= 0")
        .unique(&["pairing_id", "supplier_order_id"])
        .index(&["supplier_order_id"])
        .append_only()
}
