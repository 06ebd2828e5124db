//! When an order was called off and when a supplier lost its standing, for whoever watches over those who depend on them.

use crate::alter;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::add_timestamp(manager, "supplier_order", "cancelled_at").await?;
        alter::add_timestamp(manager, "admission", "stopped_at").await?;
        let sql = "update admission set stopped_at = updated_at where state in ('suspended', 'removed')";
        manager.get_connection().execute_unprepared(sql).await?;
        let mut off = Index::create().name("ix_supplier_order_cancelled_at").table("supplier_order").to_owned();
        let off = off.col("cancelled_at").and_where(Expr::cust("cancelled_at is not null")).to_owned();
        manager.create_index(off).await
    }
}
