//! Carriage that is credited with the last goods that go back, and who bears it.

use crate::alter;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let credited = "bigint not null default 0 constraint ck_supplier_order_freight_credited_fen \
                        check (freight_credited_fen >= 0 and freight_credited_fen <= freight_fen)";
        alter::add(manager, "supplier_order", "freight_credited_fen", credited).await?;
        alter::choices(manager, "credit_note", "kind", &["return", "allowance", "freight"]).await?;
        alter::add(manager, "order_return", "bears_freight", "boolean not null default false").await?;
        // What was taken back for the supplier's own reasons was at its cost before anybody wrote it down.
        let own = "update order_return set bears_freight = true where state = 'received' and kind <> 'other'";
        manager.get_connection().execute_unprepared(own).await.map(drop)
    }
}
