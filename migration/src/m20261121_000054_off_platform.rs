//! Sales outside the platform: what was sold, what households get of it, and what was decided about it.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [off_platform_sale(), off_platform_lot(), off_platform_share(), off_platform_decision()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn off_platform_sale() -> TableDraft {
    table("off_platform_sale")
        .id()
        .reference("supplier_id", "organisation")
        .text("number")
        .reference_null("product_id", "product")
        .text("buyer_name")
        .date("sold_on")
        .date("received_on")
        .fen("amount_fen")
        .fen("retained_fen")
        .reference("evidence_file_id", "stored_file")
        .reference("payment_file_id", "stored_file")
        .reference("plan_id", "plan")
        .text("inputs")
        .text("inputs_hash")
        .choice("state", &["recorded", "confirmed", "refused", "withdrawn", "reversed"])
        .reference("recorded_by", "person")
        .created_at()
        .version()
        .check("ck_off_platform_sale_two_papers", "evidence_file_id <> payment_file_id")
        .check("ck_off_platform_sale_days", "received_on >= sold_on")
        .check("ck_off_platform_sale_part", "retained_fen <= amount_fen")
        .unique(&["number"])
        .index(&["supplier_id", "id"])
}

fn off_platform_lot() -> TableDraft {
    table("off_platform_lot")
        .reference("sale_id", "off_platform_sale")
        .reference("lot_id", "lot")
        .quantity("grams")
        .key(&["sale_id", "lot_id"])
        .index(&["lot_id"])
        .append_only()
}

fn off_platform_share() -> TableDraft {
    table("off_platform_share")
        .reference("sale_id", "off_platform_sale")
        .int("line_no")
        .choice("mode", &["produce_purchase", "wages", "dividend", "land_rent", "custodial_farming"])
        .reference("agreement_id", "agreement")
        .reference("household_id", "household")
        .choice(
            "household_status",
            &["registered", "monitored_unstable", "monitored_borderline", "monitored_sudden", "ordinary"],
        )
        .big("weight")
        .fen("amount_fen")
        .key(&["sale_id", "line_no"])
        .check("ck_off_platform_share_weight", "weight >= 0")
        .index(&["household_id", "sale_id"])
        .append_only()
}

fn off_platform_decision() -> TableDraft {
    table("off_platform_decision")
        .reference("sale_id", "off_platform_sale")
        .choice("step", &["confirm", "refuse", "withdraw", "reverse"])
        .text_null("reason")
        .reference_null("posting_id", "posting")
        .flag("by_helper")
        .reference("decided_by", "person")
        .reference("organisation_id", "organisation")
        .timestamp("decided_at")
        .check("ck_off_platform_decision_posting", "(posting_id is not null) = (step in ('confirm', 'reverse'))")
        .check("ck_off_platform_decision_reason", "(reason is not null) = (step <> 'confirm')")
        .key(&["sale_id", "step"])
        .index(&["posting_id"])
        .append_only()
}
