//! What households earn and spend beside what they are paid here, and up to which income they may be monitored.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

const ITEMS: &[&str] =
    &["wage", "operating", "property", "transfer", "production_cost", "illness", "schooling", "disaster", "claims"];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        entry().create(manager).await?;
        threshold().create(manager).await
    }
}

fn entry() -> TableDraft {
    table("income_entry")
        .id()
        .reference("household_id", "household")
        .choice("item", ITEMS)
        .date("from_on")
        .date("to_on")
        .fen("amount_fen")
        .choice("source", &["visit", "department", "own_report"])
        .choice("grade", &["document", "department_record", "statement"])
        .text_null("note")
        .reference_null("evidence_file_id", "stored_file")
        .reference_null("replaces_id", "income_entry")
        .reference("organisation_id", "organisation")
        .reference("entered_by", "person")
        .created_at()
        .check("ck_income_entry_days", "to_on >= from_on")
        .check("ck_income_entry_nothing", "amount_fen > 0 or replaces_id is not null")
        .unique_where(&["replaces_id"], "replaces_id is not null")
        .index(&["household_id", "id"])
        .index(&["household_id", "to_on"])
        .append_only()
}

fn threshold() -> TableDraft {
    table("income_threshold")
        .id()
        .code("division_code", "division")
        .int("year")
        .int("number")
        .fen("per_head_fen")
        .text("document")
        .reference_null("evidence_file_id", "stored_file")
        .reference("entered_by", "person")
        .created_at()
        .check("ck_income_threshold_year", "\"year\" between 2000 and 2199 and \"number\" >= 1 and per_head_fen > 0")
        .unique(&["division_code", "year", "number"])
        .append_only()
}
