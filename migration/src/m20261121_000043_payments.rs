//! Several invoices and several payments for an order, red invoices, and money that goes back to a buyer.

use crate::alter;
use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let kind = "text not null default 'blue' constraint \"ck_invoice_kind\" CHECK (\"kind\" in ('blue', 'red'))";
        alter::add(manager, "invoice", "kind", kind).await?;
        alter::add_uuid(manager, "invoice", "corrects_id", Some("invoice")).await?;
        alter::add_uuid(manager, "bank_row", "awaits_order_id", Some("supplier_order")).await?;
        let db = manager.get_connection();
        for sql in [
            "drop index \"ux_invoice_supplier_order_id\"",
            "create index \"ix_invoice_supplier_order_id\" on \"invoice\" (supplier_order_id)",
            "create index \"ix_invoice_corrects_id\" on \"invoice\" (corrects_id)",
            "create index \"ix_bank_row_awaits_order_id\" on \"bank_row\" (awaits_order_id)",
        ] {
            db.execute_unprepared(sql).await?;
        }
        payment().create(manager).await?;
        refund_payment().create(manager).await
    }
}

fn payment() -> TableDraft {
    table("payment")
        .id()
        .reference("bank_row_id", "bank_row")
        .reference("supplier_order_id", "supplier_order")
        .int("number")
        .fen("amount_fen")
        .fen("excess_fen")
        .reference_at_commit("posting_id", "posting")
        .reference_null("assigned_by", "person")
        .timestamp("recorded_at")
        .unique(&["bank_row_id", "supplier_order_id"])
        .unique(&["supplier_order_id", "number"])
        .append_only()
}

fn refund_payment() -> TableDraft {
    table("refund_payment")
        .id()
        .reference("supplier_order_id", "supplier_order")
        .reference("supplier_id", "organisation")
        .fen("amount_fen")
        .fen("budget_fen")
        .fen("clawback_fen")
        .date("paid_on")
        .text("reference")
        .reference("evidence_file_id", "stored_file")
        .reference_at_commit("posting_id", "posting")
        .reference("recorded_by", "person")
        .timestamp("recorded_at")
        .unique(&["supplier_id", "reference"])
        .index(&["supplier_order_id"])
        .append_only()
}
