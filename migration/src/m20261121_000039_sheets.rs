//! Sheets that are imported: what was sent, what each row of it would do, and how far it has come.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [sheet_import(), sheet_import_row()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn sheet_import() -> TableDraft {
    table("sheet_import")
        .id()
        .choice("kind", &["products", "stock", "deliveries", "payouts"])
        .reference("file_id", "stored_file")
        .reference("organisation_id", "organisation")
        .reference("person_id", "person")
        .text("role")
        .choice("state", &["checking", "checked", "committing", "committed", "cancelled", "unreadable"])
        .int("total_rows")
        .int("checked_rows")
        .int("new_rows")
        .int("changed_rows")
        .int("same_rows")
        .int("bad_rows")
        .int("done_rows")
        .int("failed_rows")
        .text_null("problem_zh")
        .text_null("problem_en")
        .created_at()
        .timestamp("updated_at")
        .version()
        .index(&["organisation_id", "id"])
}

fn sheet_import_row() -> TableDraft {
    table("sheet_import_row")
        .reference("import_id", "sheet_import")
        .int("line_no")
        .choice("outcome", &["new", "changed", "same", "bad", "done", "failed"])
        .text("label")
        .text("detail")
        .uuid_null("object_id")
        .key(&["import_id", "line_no"])
        .index(&["import_id", "outcome", "line_no"])
}
