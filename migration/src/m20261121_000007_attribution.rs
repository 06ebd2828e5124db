//! Attribution: benefit agreements, plans, and the shares computed from them.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [agreement(), plan()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn agreement() -> TableDraft {
    table("agreement")
        .id()
        .reference("supplier_id", "organisation")
        .reference("household_id", "household")
        .choice("mode", &["produce_purchase", "wages", "dividend", "land_rent"])
        .big("weight")
        .quantity_null("price_fen_per_kg")
        .date("starts_on")
        .date("ends_on")
        .date("signed_on")
        .reference_null("evidence_file_id", "stored_file")
        .choice("state", &["signed", "ended"])
        .created_at()
        .version()
        .check("ck_agreement_weight", "weight >= 0")
        .check("ck_agreement_term", "ends_on >= starts_on")
        .index(&["supplier_id", "id"])
        .index(&["household_id", "id"])
}

fn plan() -> TableDraft {
    table("plan")
        .id()
        .reference("supplier_id", "organisation")
        .int("number")
        .basis_points("produce_bp")
        .basis_points("wages_bp")
        .basis_points("dividend_bp")
        .basis_points("rent_bp")
        .choice("state", &["proposed", "approved", "superseded"])
        .reference("proposed_by", "person")
        .reference_null("approved_by", "person")
        .timestamp_null("approved_at")
        .created_at()
        .version()
        .check("ck_plan_whole", "produce_bp + wages_bp + dividend_bp + rent_bp between 0 and 10000")
        .unique(&["supplier_id", "number"])
        .unique_where(&["supplier_id"], "state = 'approved'")
}
