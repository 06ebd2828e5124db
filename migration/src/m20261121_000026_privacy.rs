//! What people are told and agree to, and who saw their data in full.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

const PURPOSES: &[&str] = &[
    "register_keeping",
    "benefit_payout",
    "assistance_visit",
    "audit_inspection",
    "village_notice",
    "publicity",
    "enterprise_contact",
    "research",
];

const ROLES: &[&str] = &[
    "platform_operator",
    "agriculture_officer",
    "revitalisation_officer",
    "cooperative_clerk",
    "procurement_officer",
    "finance_officer",
    "enterprise_officer",
    "auditor",
    "administrator",
    "approver",
    "household_registrar",
    "helper_cadre",
    "village_officer",
    "township_officer",
    "integrator",
];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [privacy_notice(), consent_record(), access_record()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn privacy_notice() -> TableDraft {
    table("privacy_notice")
        .id()
        .choice("purpose", PURPOSES)
        .int("version")
        .choice("legal_basis", &["consent", "contract", "legal_duty"])
        .text("title")
        .text("body")
        .text("recipients")
        .text("data_categories")
        .text("kept")
        .date("effective_from")
        .reference("published_by", "person")
        .timestamp("published_at")
        .check("ck_privacy_notice_version", "version >= 1")
        .unique(&["purpose", "version"])
        .append_only()
}

fn consent_record() -> TableDraft {
    table("consent_record")
        .id()
        .reference("household_id", "household")
        .reference_null("member_id", "household_member")
        .reference("notice_id", "privacy_notice")
        .choice("event", &["given", "withdrawn"])
        .reference_null("withdraws", "consent_record")
        .reference("given_by", "household_member")
        .choice("method", &["paper_signed", "oral_witnessed", "telephone", "electronic"])
        .reference_null("evidence_file_id", "stored_file")
        .date("effective_from")
        .date_null("valid_until")
        .reference("received_by", "person")
        .reference("organisation_id", "organisation")
        .timestamp("recorded_at")
        .check("ck_consent_record_withdraws", "(event = 'withdrawn') = (withdraws is not null)")
        .check("ck_consent_record_valid_until", "valid_until is null or valid_until >= effective_from")
        .unique_where(&["withdraws"], "withdraws is not null")
        .index(&["household_id", "id"])
        .append_only()
}

fn access_record() -> TableDraft {
    table("access_record")
        .id()
        .reference("household_id", "household")
        .text("county_code")
        .reference("person_id", "person")
        .reference("organisation_id", "organisation")
        .choice("role", ROLES)
        .choice("purpose", PURPOSES)
        .text("reason")
        .text("fields")
        .int("members")
        .text("request_id")
        .text_null("address")
        .timestamp("at")
        .index(&["household_id", "id"])
        .index(&["county_code", "id"])
        .index(&["county_code", "at"])
        .index(&["person_id", "id"])
        .append_only()
}
