//! Budgets: what kind of money they are, their changes with documents, the close of their year; what an order line's
//! price rests on.

use crate::alter;
use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let kind = "text not null default 'fiscal' constraint \"ck_budget_fund_kind\" \
                    CHECK (\"fund_kind\" in ('fiscal', 'union', 'canteen', 'other'))";
        alter::add(manager, "budget", "fund_kind", kind).await?;
        alter::add_timestamp(manager, "budget", "closed_at").await?;
        let basis = "text not null default 'shelf' constraint \"ck_order_line_price_basis\" \
                     CHECK (\"price_basis\" in ('shelf', 'framework', 'quotation', 'group'))";
        alter::add(manager, "order_line", "price_basis", basis).await?;
        alter::add_uuid(manager, "order_line", "basis_id", None).await?;
        let index = "create index \"ix_order_line_basis_id\" on \"order_line\" (basis_id) where basis_id is not null";
        manager.get_connection().execute_unprepared(index).await?;
        change().create(manager).await
    }
}

fn change() -> TableDraft {
    table("budget_change")
        .id()
        .reference("budget_id", "budget")
        .int("number")
        .choice("kind", &["supplement", "reduction", "transfer_out", "transfer_in", "carry_out", "carry_in", "lapse"])
        .fen("amount_fen")
        .reference_null("other_budget_id", "budget")
        .reference("document_id", "stored_file")
        .text("reason")
        .reference("made_by", "person")
        .timestamp("made_at")
        .check(
            "ck_budget_change_other",
            "(other_budget_id is not null) = (kind like 'transfer%' or kind like 'carry%')",
        )
        .unique(&["budget_id", "number"])
        .append_only()
}
