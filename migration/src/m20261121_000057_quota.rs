//! Quota: policies, filings with their history, which order belongs to which unit, and the movements of the figures.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [policy(), filing(), filing_step(), attachment(), entry()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

const FIGURES: &[&str] = &["ordered", "released", "accepted", "paid", "completed", "refunded"];
const CHANNELS: &[&str] = &["canteen", "union", "contractor", "individual"];
const STATES: &[&str] = &["draft", "submitted", "returned", "superior_confirmed", "finance_confirmed"];

fn policy() -> TableDraft {
    table("quota_policy")
        .id()
        .text_null("region_code")
        .int("year")
        .int("number")
        .basis_points("canteen_bp")
        .basis_points("union_bp")
        .flag("not_below_last_year")
        .choice("counts", FIGURES)
        .flag("counts_union")
        .flag("counts_contractor")
        .flag("counts_individual")
        .text("document")
        .reference("created_by", "person")
        .created_at()
        .unique(&["year", "region_code", "number"])
        .unique_where(&["year", "number"], "region_code is null")
        .append_only()
}

fn filing() -> TableDraft {
    table("quota_filing")
        .id()
        .reference("unit_id", "organisation")
        .int("year")
        .choice("kind", &["has_canteen", "outsourced", "shared_representative", "shared_represented", "no_canteen"])
        .choice("state", STATES)
        .fen("canteen_total_fen")
        .fen("canteen_reserved_fen")
        .fen("union_total_fen")
        .fen("union_reserved_fen")
        .int("diners")
        .reference_null("representative_id", "organisation")
        .text_null("executing_body")
        .text_null("note")
        .int("amendments")
        .created_at()
        .version()
        .check("ck_quota_filing_diners", "diners >= 0")
        .check("ck_quota_filing_canteen", "canteen_reserved_fen <= canteen_total_fen")
        .check("ck_quota_filing_union", "union_reserved_fen <= union_total_fen")
        .unique(&["unit_id", "year"])
        .index(&["year", "id"])
        .index(&["representative_id"])
}

fn filing_step() -> TableDraft {
    table("quota_filing_step")
        .reference("filing_id", "quota_filing")
        .int("step_no")
        .text("step")
        .choice("from_state", STATES)
        .choice("to_state", STATES)
        .reference("organisation_id", "organisation")
        .reference("person_id", "person")
        .text_null("reason")
        .reference_null("document_id", "stored_file")
        .fen("canteen_reserved_fen")
        .fen("union_reserved_fen")
        .created_at()
        .key(&["filing_id", "step_no"])
        .append_only()
}

fn attachment() -> TableDraft {
    table("quota_attachment")
        .id()
        .reference("supplier_order_id", "supplier_order")
        .int("attachment_no")
        .reference("unit_id", "organisation")
        .choice("channel", CHANNELS)
        .choice("basis", &["default", "buyer_choice", "correction"])
        .text_null("reason")
        .reference_null("document_id", "stored_file")
        .reference_null("attached_by", "person")
        .created_at()
        .check("ck_quota_attachment_document", "basis <> 'correction' or document_id is not null")
        .unique(&["supplier_order_id", "attachment_no"])
        .index(&["unit_id"])
        .append_only()
}

fn entry() -> TableDraft {
    table("quota_entry")
        .reference("supplier_order_id", "supplier_order")
        .int("entry_no")
        .reference("attachment_id", "quota_attachment")
        .reference("unit_id", "organisation")
        .choice("channel", CHANNELS)
        .choice("figure", FIGURES)
        .big("amount_fen")
        .date("occurred_on")
        .int("year")
        .created_at()
        .key(&["supplier_order_id", "entry_no"])
        .check("ck_quota_entry_amount_fen", "amount_fen <> 0")
        .index(&["year", "unit_id", "figure"])
        .append_only()
}
