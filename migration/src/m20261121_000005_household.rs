//! Household: the register of households, their members and their status through time.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [household(), household_member(), household_status()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn household() -> TableDraft {
    table("household")
        .id()
        .text("number")
        .code("county_code", "division")
        .reference("village_id", "organisation")
        .date("registered_on")
        .text("head_name")
        .int("people")
        .created_at()
        .version()
        .check("ck_household_people", "people >= 0")
        .unique(&["number"])
        .index(&["village_id", "id"])
        .index(&["county_code", "id"])
}

fn household_member() -> TableDraft {
    table("household_member")
        .id()
        .reference("household_id", "household")
        .text("name")
        .choice("relation", &["head", "spouse", "child", "parent", "grandchild", "other"])
        .text("id_number_cipher")
        .text("id_number_hash")
        .text_null("phone_cipher")
        .text_null("bank_account_cipher")
        .created_at()
        .unique(&["id_number_hash"])
        .index(&["household_id"])
}

fn household_status() -> TableDraft {
    table("household_status")
        .id()
        .reference("household_id", "household")
        .choice("status", &["registered", "monitored_unstable", "monitored_borderline", "monitored_sudden", "ordinary"])
        .date("from_date")
        .text("source")
        .reference("entered_by", "person")
        .created_at()
        .index(&["household_id", "from_date"])
        .append_only()
}
