//! Sales outside the platform, with what households got of them.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [off_platform_sale(), off_platform_lot(), off_platform_share()] {
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
        .reference_at_commit("posting_id", "posting")
        .reference("recorded_by", "person")
        .created_at()
        .check("ck_off_platform_sale_two_papers", "evidence_file_id <> payment_file_id")
        .check("ck_off_platform_sale_days", "received_on >= sold_on")
        .unique(&["number"])
        .index(&["supplier_id", "id"])
        .append_only()
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
        .text("mode")
        .reference("agreement_id", "agreement")
        .reference("household_id", "household")
        .text("household_status")
        .big("weight")
        .fen("amount_fen")
        .key(&["sale_id", "line_no"])
        .check("ck_off_platform_share_weight", "weight >= 0")
        .index(&["household_id"])
        .append_only()
}
