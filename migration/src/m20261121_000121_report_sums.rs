//! What stands under each seal, summed up by order and day and by household: what reports over a long journal add up.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for part in [gathered(), sale(), share()] {
            part.create(manager).await?;
        }
        Ok(())
    }
}

fn gathered() -> TableDraft {
    table("report_gathered")
        .number_of("seal_number", "seal")
        .timestamp("gathered_at")
        .key(&["seal_number"])
        .append_only()
}

fn sale() -> TableDraft {
    table("report_sale")
        .reference("supplier_order_id", "supplier_order")
        .number_of("seal_number", "seal")
        .date("business_date")
        .big("sold_fen")
        .big("paid_fen")
        .big("attributed_fen")
        .big("paid_out_fen")
        .big_null("receivable_fen")
        .key(&["supplier_order_id", "seal_number", "business_date"])
        .append_only()
}

fn share() -> TableDraft {
    table("report_share")
        .reference("supplier_order_id", "supplier_order")
        .reference("account_id", "account")
        .number_of("seal_number", "seal")
        .date("business_date")
        .reference("household_id", "household")
        .reference("agreement_id", "agreement")
        .big("attributed_fen")
        .big("paid_out_fen")
        .key(&["supplier_order_id", "account_id", "seal_number", "business_date"])
        .append_only()
}
