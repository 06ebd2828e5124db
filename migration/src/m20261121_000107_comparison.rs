//! Files of departments that are compared with the register, and the people of the register who stand in them.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

const KINDS: &[&str] = &["vehicle", "company", "public_payroll", "death"];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        comparison().create(manager).await?;
        flag().create(manager).await
    }
}

fn comparison() -> TableDraft {
    table("comparison")
        .id()
        .choice("kind", KINDS)
        .text("department")
        .date("data_on")
        .code("county_code", "division")
        .reference("organisation_id", "organisation")
        .reference("uploaded_by", "person")
        .int("total_rows")
        .int("bad_rows")
        .int("matched_people")
        .int("flagged_people")
        .created_at()
        .check("ck_comparison_rows", "bad_rows >= 0 and bad_rows <= total_rows")
        .check("ck_comparison_people", "flagged_people >= 0 and flagged_people <= matched_people")
        .index(&["county_code", "id"])
        .append_only()
}

fn flag() -> TableDraft {
    table("comparison_flag")
        .id()
        .reference("comparison_id", "comparison")
        .choice("kind", KINDS)
        .code("county_code", "division")
        .reference("household_id", "household")
        .reference("member_id", "household_member")
        .text_null("detail_cipher")
        .choice("state", &["open", "confirmed", "dismissed"])
        .reference_null("decided_by", "person")
        .timestamp_null("decided_at")
        .text_null("reason")
        .created_at()
        .version()
        .check(
            "ck_comparison_flag_decided",
            "(state = 'open') = (decided_by is null) and (state = 'open') = (decided_at is null) and (state = 'open') = \
             (reason is null)",
        )
        .unique(&["comparison_id", "member_id"])
        .unique_where(&["member_id", "kind"], "state = 'open'")
        .index(&["county_code", "state", "id"])
        .index(&["household_id", "id"])
}
