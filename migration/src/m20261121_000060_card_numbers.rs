//! The numbers of cards, sealed: the hash by which a card is found is made anew from them when the keys change.

use crate::alter;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Of cards issued before nobody has the number but their holders; it is kept when such a card is next used.
        alter::add(manager, "household_card", "number_cipher", "text").await
    }
}
