//! Reports: runs and the snapshots they leave.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [run(), snapshot()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn run() -> TableDraft {
    table("report_run")
        .id()
        .reference("organisation_id", "organisation")
        .reference("requested_by", "person")
        .choice("kind", &["county_consumption", "cooperative_benefit", "enterprise_statement", "arrears"])
        .int("rule_version")
        .date("from_date")
        .date("until_date")
        .text_null("region_code")
        .text_null("partner_code")
        .text("reach")
        .choice("state", &["waiting", "running", "done", "failed"])
        .int("progress")
        .created_at()
        .version()
        .check("ck_report_run_span", "until_date >= from_date")
        .check("ck_report_run_progress", "progress between 0 and 100")
        .index(&["organisation_id", "id"])
}

fn snapshot() -> TableDraft {
    table("report_snapshot")
        .reference("run_id", "report_run")
        .text("content")
        .text("sha256")
        .big("seal_number")
        .text_null("seal_hash")
        .timestamp("made_at")
        .key(&["run_id"])
        .append_only()
}
