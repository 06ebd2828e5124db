//! Certificates of what enterprises contributed, and their revocations.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [certificate(), revocation()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn certificate() -> TableDraft {
    table("aid_certificate")
        .id()
        .code("county_code", "division")
        .int("year")
        .int("serial")
        .text("number")
        .reference("issuer_id", "organisation")
        .reference("enterprise_id", "organisation")
        .date("from_date")
        .date("until_date")
        .int("rule_version")
        .text("figures")
        .text("digest")
        .text("content")
        .text("code")
        .text("sha256")
        .reference("issued_by", "person")
        .timestamp("issued_at")
        .check("ck_aid_certificate_span", "until_date >= from_date")
        .check("ck_aid_certificate_serial", "serial > 0")
        .unique(&["county_code", "year", "serial"])
        .unique(&["number"])
        .unique(&["code"])
        .index(&["county_code", "id"])
        .index(&["enterprise_id", "id"])
        .append_only()
}

fn revocation() -> TableDraft {
    table("aid_certificate_revocation")
        .reference("certificate_id", "aid_certificate")
        .text("reason")
        .reference("organisation_id", "organisation")
        .reference("revoked_by", "person")
        .timestamp("revoked_at")
        .key(&["certificate_id"])
        .append_only()
}
