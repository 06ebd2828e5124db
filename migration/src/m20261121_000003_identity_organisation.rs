//! Identity and organisation: who signs in, for whom they act, and the files they hand in.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

const ORGANISATION_KINDS: &[&str] = &[
    "platform_operator",
    "finance_department",
    "supervising_unit",
    "budget_unit",
    "trade_union",
    "canteen_contractor",
    "cooperative",
    "company",
    "family_farm",
    "agent_trader",
    "agriculture_office",
    "revitalisation_office",
    "township",
    "village_committee",
    "enterprise",
    "federation",
    "audit_office",
];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [organisation(), person(), membership(), stored_file()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn organisation() -> TableDraft {
    table("organisation")
        .id()
        .choice("kind", ORGANISATION_KINDS)
        .text("name")
        .text_null("credit_code")
        .code("division_code", "division")
        .reference_null("parent_id", "organisation")
        .text_null("contact_name")
        .text_null("contact_phone_cipher")
        .text_null("contact_email")
        .flag("is_active")
        .created_at()
        .version()
        .unique(&["credit_code"])
        .index(&["parent_id"])
        .index(&["division_code", "kind"])
}

fn person() -> TableDraft {
    table("person")
        .id()
        .text("username")
        .text("display_name")
        .text_null("email")
        .text("password_hash")
        .flag("is_demonstration")
        .flag("is_active")
        .created_at()
        .version()
        .unique(&["username"])
}

fn membership() -> TableDraft {
    table("membership")
        .id()
        .reference("person_id", "person")
        .reference("organisation_id", "organisation")
        .choice(
            "role",
            &[
                "platform_operator",
                "agriculture_officer",
                "revitalisation_officer",
                "cooperative_clerk",
                "procurement_officer",
                "finance_officer",
                "enterprise_officer",
                "auditor",
            ],
        )
        .flag("is_active")
        .created_at()
        .unique(&["person_id", "organisation_id", "role"])
        .index(&["organisation_id"])
}

fn stored_file() -> TableDraft {
    table("stored_file")
        .id()
        .reference("organisation_id", "organisation")
        .text("sha256")
        .text("name")
        .text("media_type")
        .big("bytes")
        .reference("created_by", "person")
        .created_at()
        .check("ck_stored_file_bytes", "bytes >= 0")
        .index(&["organisation_id"])
}
