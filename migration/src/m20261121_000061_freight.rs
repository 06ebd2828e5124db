//! Orders: what carrying the goods costs, agreed on with the order, and where they are carried to.

use crate::alter;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Carriage is part of the total, so that it can never be more than it.
        let carriage = "bigint not null default 0 constraint ck_supplier_order_freight_fen \
                        check (freight_fen >= 0 and freight_fen <= total_fen)";
        alter::add(manager, "supplier_order", "freight_fen", carriage).await?;
        alter::add(manager, "order_group", "deliver_to_code", "text").await
    }
}
