//! Findings of audits, inspections and rules, the tasks that follow from them, and their steps.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [finding(), task(), step()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn finding() -> TableDraft {
    table("finding")
        .id()
        .text("number")
        .choice("source", &["audit", "inspection", "rule", "report"])
        .text("paper")
        .text("text")
        .code("county_code", "division")
        .reference_null("household_id", "household")
        .reference_null("organisation_id", "organisation")
        .date("found_on")
        .reference("entered_by", "person")
        .created_at()
        .timestamp_null("closed_at")
        .version()
        .check("ck_finding_about", "household_id is not null or organisation_id is not null")
        .unique(&["number"])
        .index(&["county_code", "id"])
        .index(&["household_id", "id"])
        .index(&["organisation_id", "id"])
}

fn task() -> TableDraft {
    table("finding_task")
        .reference("finding_id", "finding")
        .int("number")
        .text("text")
        .reference("owner_id", "organisation")
        .text("responsible")
        .date("due_on")
        .choice("state", &["open", "submitted", "closed"])
        .reference_null("submitted_by", "person")
        .timestamp_null("closed_at")
        .check("ck_finding_task_closed", "(state = 'closed') = (closed_at is not null)")
        .check("ck_finding_task_submitted", "state = 'open' or submitted_by is not null")
        .key(&["finding_id", "number"])
        .index(&["owner_id", "finding_id"])
        .index_where(&["due_on"], "state <> 'closed'")
}

fn step() -> TableDraft {
    table("finding_step")
        .reference("finding_id", "finding")
        .int("task_number")
        .int("number")
        .choice("step", &["assign", "submit", "return", "close"])
        .text("text")
        .reference_null("file_id", "stored_file")
        .reference("organisation_id", "organisation")
        .reference("taken_by", "person")
        .timestamp("taken_at")
        .key(&["finding_id", "task_number", "number"])
        .append_only()
}
