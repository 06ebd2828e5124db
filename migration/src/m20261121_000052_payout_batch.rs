//! Payouts in batches: put together by one, approved by another, sent, and only then handed over or returned.

use crate::alter;
use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The second evidence of cash that was recorded in one step; absent for transfers.
        alter::add_uuid(manager, "payout", "witness_file_id", Some("stored_file")).await?;
        for table in [payout_batch(), payout_batch_line(), payout_batch_part(), payout_result()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn payout_batch() -> TableDraft {
    table("payout_batch")
        .id()
        .reference("supplier_id", "organisation")
        .text("number")
        .choice("method", &["bank_transfer", "cash"])
        .choice("state", &["draft", "approved", "sent", "closed", "cancelled"])
        .text_null("format")
        .fen("total_fen")
        .int("line_count")
        .reference("drafted_by", "person")
        .reference_null("approved_by", "person")
        .timestamp_null("approved_at")
        .reference_null("sent_by", "person")
        .timestamp_null("sent_at")
        .reference_null("posting_id", "posting")
        .timestamp_null("closed_at")
        .text_null("closed_reason")
        .created_at()
        .version()
        .check("ck_payout_batch_four_eyes", "approved_by is null or approved_by <> drafted_by")
        .unique(&["number"])
        .index(&["supplier_id", "id"])
}

fn payout_batch_line() -> TableDraft {
    table("payout_batch_line")
        .id()
        .reference("batch_id", "payout_batch")
        .int("line_no")
        .text("reference")
        .reference("agreement_id", "agreement")
        .reference("household_id", "household")
        .fen("amount_fen")
        .choice("state", &["waiting", "in_transit", "handed_over", "paid", "failed", "released"])
        .date_null("paid_on")
        .text_null("bank_reference")
        .text_null("failure")
        .reference_null("receipt_file_id", "stored_file")
        .reference_null("cashier_id", "person")
        .timestamp_null("cashier_at")
        .reference_null("witness_id", "person")
        .timestamp_null("witness_at")
        .reference_null("payout_id", "payout")
        .check("ck_payout_batch_line_two_signatures", "witness_id is null or witness_id <> cashier_id")
        .check("ck_payout_batch_line_payout", "(state = 'paid') = (payout_id is not null)")
        .unique(&["batch_id", "line_no"])
        .unique(&["reference"])
        .unique(&["payout_id"])
        .index(&["agreement_id", "state"])
        .index(&["household_id"])
}

fn payout_batch_part() -> TableDraft {
    table("payout_batch_part")
        .reference("line_id", "payout_batch_line")
        // No foreign key: what was sold outside the platform is paid out too.
        .uuid("supplier_order_id")
        .fen("amount_fen")
        .key(&["line_id", "supplier_order_id"])
        .append_only()
}

fn payout_result() -> TableDraft {
    table("payout_result")
        .id()
        .reference("batch_id", "payout_batch")
        .text("sha256")
        .text("format")
        .date("paid_on")
        .int("rows_total")
        .int("rows_paid")
        .int("rows_failed")
        .reference("evidence_file_id", "stored_file")
        .reference_null("posting_id", "posting")
        .reference("imported_by", "person")
        .created_at()
        .unique(&["batch_id", "sha256"])
        .append_only()
}
