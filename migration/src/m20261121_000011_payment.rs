//! Payment: invoices, bank statements and what was matched.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [invoice(), bank_statement(), bank_row()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn invoice() -> TableDraft {
    table("invoice")
        .id()
        .reference("supplier_order_id", "supplier_order")
        .text("number")
        .fen("amount_fen")
        .date("issued_on")
        .text("seller_credit_code")
        .reference_null("file_id", "stored_file")
        .reference("recorded_by", "person")
        .timestamp("recorded_at")
        .unique(&["supplier_order_id"])
        .unique(&["number"])
        .append_only()
}

fn bank_statement() -> TableDraft {
    table("bank_statement")
        .id()
        .text("sha256")
        .text("name")
        .int("rows_total")
        .int("rows_matched")
        .reference("imported_by", "person")
        .reference("organisation_id", "organisation")
        .timestamp("imported_at")
        .unique(&["sha256"])
        .index(&["organisation_id", "id"])
}

fn bank_row() -> TableDraft {
    table("bank_row")
        .id()
        .reference("statement_id", "bank_statement")
        .int("line_no")
        .date("booked_on")
        .text("payer_name")
        .text_null("payer_account_cipher")
        .fen("amount_fen")
        .text("memo")
        .text("bank_reference")
        .choice("state", &["matched", "unmatched"])
        .text_null("reason")
        .reference_null("supplier_order_id", "supplier_order")
        .unique(&["bank_reference"])
        .index(&["statement_id", "line_no"])
        .index(&["state"])
        .index(&["supplier_order_id"])
}
