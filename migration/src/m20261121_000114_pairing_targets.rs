//! Pairings with a group of villages, with a county, and with a group of households; and sales that an enterprise brought
//! about among the contributions.
//!
//! What stands is paired with a village each.

use crate::alter;
use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let target = "text not null default 'village' constraint \"ck_pairing_target\" CHECK (\"target\" in \
                      ('village', 'village_group', 'county', 'household_group'))";
        alter::add(manager, "pairing", "target", target).await?;
        alter::choices(manager, "contribution", "kind", &["purchase", "assisted_sale"]).await?;
        for table in [villages(), households()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn villages() -> TableDraft {
    table("pairing_village")
        .reference("pairing_id", "pairing")
        .reference("village_id", "organisation")
        .key(&["pairing_id", "village_id"])
        .index(&["village_id"])
        .append_only()
}

fn households() -> TableDraft {
    table("pairing_household")
        .reference("pairing_id", "pairing")
        .reference("household_id", "household")
        .key(&["pairing_id", "household_id"])
        .index(&["household_id"])
        .append_only()
}
