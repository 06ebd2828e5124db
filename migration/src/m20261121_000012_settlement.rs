//! Settlement: what each household earned from an order, and the money handed to it.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [share_run(), share(), payout()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn share_run() -> TableDraft {
    table("share_run")
        .id()
        .reference("supplier_order_id", "supplier_order")
        .choice("basis", &["promised", "accrued"])
        .reference("plan_id", "plan")
        .fen("attributable_fen")
        .fen("retained_fen")
        .text("inputs")
        .text("inputs_hash")
        .reference_at_commit("posting_id", "posting")
        .created_at()
        .unique(&["supplier_order_id", "basis"])
        .append_only()
}

fn share() -> TableDraft {
    table("share")
        .reference("run_id", "share_run")
        .int("line_no")
        .choice("mode", &["produce_purchase", "wages", "dividend", "land_rent"])
        .reference("agreement_id", "agreement")
        .reference("household_id", "household")
        .choice(
            "household_status",
            &["registered", "monitored_unstable", "monitored_borderline", "monitored_sudden", "ordinary"],
        )
        .big("weight")
        .fen("amount_fen")
        .key(&["run_id", "line_no"])
        .check("ck_share_weight", "weight >= 0")
        .index(&["household_id"])
        .index(&["agreement_id"])
        .append_only()
}

fn payout() -> TableDraft {
    table("payout")
        .id()
        .reference("supplier_id", "organisation")
        .reference("household_id", "household")
        .reference("agreement_id", "agreement")
        .fen("amount_fen")
        .date("paid_on")
        .choice("method", &["bank_transfer", "cash"])
        .reference("evidence_file_id", "stored_file")
        .text("reference")
        .reference_at_commit("posting_id", "posting")
        .reference("recorded_by", "person")
        .created_at()
        .unique(&["supplier_id", "reference"])
        .index(&["supplier_id", "id"])
        .index(&["household_id", "id"])
        .index(&["agreement_id"])
        .append_only()
}
