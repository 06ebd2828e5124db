//! The versions of an agreement's terms, what suppliers advanced to households, and help that carries no money.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [agreement_terms(), declared_cost(), cost_deduction(), help_record()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn agreement_terms() -> TableDraft {
    table("agreement_terms")
        .id()
        .reference("agreement_id", "agreement")
        .int("number")
        .date("from_on")
        .quantity("weight")
        .quantity_null("price_fen_per_kg")
        .basis_points("cost_cap_bp")
        .choice("cost_excess", &["carry_over", "waive"])
        .quantity_null("daily_wage_fen")
        .quantity_null("area_hundredth_mu")
        .quantity_null("rent_fen_per_year")
        .text_null("unit_name")
        .quantity_null("return_fen_per_unit")
        .quantity_null("fee_fen_per_unit")
        .reference_null("register_file_id", "stored_file")
        .reference_null("resolution_file_id", "stored_file")
        .date("supplier_signed_on")
        .reference_null("supplier_file_id", "stored_file")
        .date("household_signed_on")
        .reference_null("household_file_id", "stored_file")
        .reference("entered_by", "person")
        .date_null("confirmed_on")
        .reference_null("confirmed_by", "person")
        .created_at()
        .version()
        .check(
            "ck_agreement_terms_fee",
            "fee_fen_per_unit is null or return_fen_per_unit is null or fee_fen_per_unit <= return_fen_per_unit",
        )
        .check("ck_agreement_terms_confirmed", "(confirmed_on is null) = (confirmed_by is null)")
        .unique(&["agreement_id", "number"])
}

fn declared_cost() -> TableDraft {
    table("declared_cost")
        .id()
        .reference("agreement_id", "agreement")
        .choice("kind", &["seed", "fertiliser", "pesticide", "feed", "service", "other"])
        .fen("amount_fen")
        .date("advanced_on")
        .text("description")
        .reference("evidence_file_id", "stored_file")
        .reference("recorded_by", "person")
        .created_at()
        .check("ck_declared_cost_some", "amount_fen > 0")
        .index(&["agreement_id", "id"])
        .append_only()
}

fn cost_deduction() -> TableDraft {
    table("cost_deduction")
        .reference("supplier_order_id", "supplier_order")
        .reference("agreement_id", "agreement")
        .fen("deducted_fen")
        .fen("waived_fen")
        .created_at()
        .key(&["supplier_order_id", "agreement_id"])
        .index(&["agreement_id"])
        .append_only()
}

fn help_record() -> TableDraft {
    table("help_record")
        .id()
        .reference("supplier_id", "organisation")
        .reference("household_id", "household")
        .choice("kind", &["training", "seed_supply", "technical_guidance", "processing", "other"])
        .date("given_on")
        .text("content")
        .int("people")
        .reference_null("evidence_file_id", "stored_file")
        .reference("recorded_by", "person")
        .created_at()
        .check("ck_help_record_people", "people > 0")
        .index(&["supplier_id", "id"])
        .index(&["household_id", "id"])
        .append_only()
}
