//! The rate of late interest that an order was confirmed with.

use crate::alter;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let rate = "integer constraint ck_supplier_order_late_interest_ppm \
                    check (late_interest_ppm is null or late_interest_ppm between 0 and 1000000)";
        alter::add(manager, "supplier_order", "late_interest_ppm", rate).await?;
        // No rate was agreed on with what was confirmed before; then the regulation says 0.05 % a day.
        let by_law = "update supplier_order set late_interest_ppm = 500 where confirmed_at is not null";
        manager.get_connection().execute_unprepared(by_law).await.map(drop)
    }
}
