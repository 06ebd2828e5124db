//! Ledger: accounts, postings, entries.

use crate::columns::{TableDraft, table};
use crate::dialect;
use sea_orm_migration::prelude::*;

const ACCOUNT_KINDS: &[&str] = &[
    "budget_granted",
    "budget_available",
    "budget_encumbered",
    "budget_spent",
    "buyer_receivable",
    "supplier_revenue",
    "supplier_cash",
    "supplier_retained",
    "promise_given",
    "household_promised",
    "household_payable",
];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [account(), posting(), entry()] {
            table.create(manager).await?;
        }
        dialect::guard_accounts(manager).await?;
        dialect::guard_postings(manager).await
    }
}

fn account() -> TableDraft {
    table("account")
        .id()
        .choice("kind", ACCOUNT_KINDS)
        .uuid("owner_id")
        .uuid_null("part_id")
        .big("debit_fen")
        .big("credit_fen")
        .choice("guard", &["none", "debit", "credit"])
        .check("ck_account_debit_fen", "debit_fen >= 0")
        .check("ck_account_credit_fen", "credit_fen >= 0")
        .index(&["kind", "owner_id"])
        .index(&["owner_id"])
}

fn posting() -> TableDraft {
    table("posting")
        .id()
        .text("cause")
        .text("kind")
        .date("business_date")
        .timestamp("posted_at")
        .uuid("object_id")
        .text("digest")
        .unique(&["cause"])
        .index(&["object_id"])
        .append_only()
}

fn entry() -> TableDraft {
    table("entry")
        .reference_at_commit("posting_id", "posting")
        .int("line_no")
        .reference("account_id", "account")
        .choice("side", &["debit", "credit"])
        .fen("amount_fen")
        // No foreign key: the ledger does not know orders.
        .uuid_null("supplier_order_id")
        .key(&["posting_id", "line_no"])
        .check("ck_entry_amount_fen_positive", "amount_fen > 0")
        .index(&["account_id", "posting_id"])
        .index(&["supplier_order_id"])
        .append_only()
}
