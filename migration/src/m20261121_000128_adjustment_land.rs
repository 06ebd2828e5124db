//! What land goes with a household that is split off.

use crate::columns::table;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table("adjustment_land")
            .reference("adjustment_id", "adjustment")
            .choice("kind", &["cropland", "forest", "orchard", "water", "pasture"])
            .big("square_metres")
            .key(&["adjustment_id", "kind"])
            .check("ck_adjustment_land_area", "square_metres > 0")
            .append_only()
            .create(manager)
            .await
    }
}
