//! Several computations of an order's shares, each counting all that came before it; and of what follows from them.

use crate::alter;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::add(manager, "share_run", "number", "integer not null default 1").await?;
        alter::add(manager, "share_run", "gross_fen", "bigint").await?;
        alter::add(manager, "contribution", "number", "integer not null default 1").await?;
        let db = manager.get_connection();
        for sql in [
            "drop index \"ux_share_run_supplier_order_id_basis\"",
            "create unique index \"ux_share_run_supplier_order_id_basis_number\"
               on \"share_run\" (supplier_order_id, basis, number)",
            "drop index \"ux_contribution_pairing_id_supplier_order_id\"",
            "create unique index \"ux_contribution_pairing_id_supplier_order_id_number\"
               on \"contribution\" (pairing_id, supplier_order_id, number)",
        ] {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}
