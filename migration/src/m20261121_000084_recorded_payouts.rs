//! A payout that a household had before it is written down waits for a second person too.

use crate::alter;
use crate::m20261121_000030_product_sheet::date;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Absent in a batch that is sent: there the bank and the cashier say when, and show it.
        alter::add_uuid(manager, "payout_batch", "evidence_file_id", Some("stored_file")).await?;
        alter::add_uuid(manager, "payout_batch", "witness_file_id", Some("stored_file")).await?;
        let shown = "constraint \"ck_payout_batch_shown\" check ((paid_on is null) = (evidence_file_id is null))";
        alter::add(manager, "payout_batch", "paid_on", &format!("{} {shown}", date(manager))).await?;
        // Nothing leaves a draft for money but by the word of somebody else.
        let apart = "(approved_by is null or approved_by <> drafted_by) \
                     and (state in ('draft', 'cancelled') or approved_by is not null)";
        alter::check(manager, "payout_batch", "ck_payout_batch_four_eyes", apart).await?;
        // Absent until somebody has a sheet carried out.
        alter::add_uuid(manager, "sheet_import", "committed_by", Some("person")).await?;
        own_references(manager).await
    }
}

/// A cooperative gives its payouts numbers of its own; those of two cooperatives may meet, and those of a batch that was
/// called off may come again.
async fn own_references(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let line = "payout_batch_line";
    manager.drop_index(Index::drop().name("ux_payout_batch_line_reference").table(line).to_owned()).await?;
    let mut own = Index::create().name("ux_payout_batch_line_batch_id_reference").table(line).unique().to_owned();
    manager.create_index(own.col("batch_id").col("reference").to_owned()).await?;
    let mut found = Index::create().name("ix_payout_batch_line_reference").table(line).to_owned();
    manager.create_index(found.col("reference").to_owned()).await
}
