//! Catalogue: papers of suppliers with issuer, number and validity; suppliers suspended and struck off.

use super::m20261121_000030_product_sheet::date;
use crate::alter;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let states = [
            "draft",
            "submitted",
            "agriculture_recommended",
            "revitalisation_recommended",
            "active",
            "returned",
            "suspended",
            "removed",
        ];
        alter::choices(manager, "admission", "state", &states).await?;
        alter::choices(manager, "admission_decision", "from_state", &states).await?;
        alter::choices(manager, "admission_decision", "to_state", &states).await?;
        let kinds = [
            "business_licence",
            "legal_representative",
            "account_permit",
            "food_licence",
            "benefit_mechanism",
            "food_production_licence",
            "test_report",
            "other",
        ];
        alter::choices(manager, "admission_document", "kind", &kinds).await?;
        for (column, definition) in [
            ("issuer", "text"),
            ("number", "text"),
            ("valid_from", date(manager)),
            ("valid_to", date(manager)),
            ("warned_days", "integer"),
        ] {
            alter::add(manager, "admission_document", column, definition).await?;
        }
        alter::add(manager, "admission_decision", "item_reasons", "text not null default '[]'").await?;
        alter::add(manager, "admission_decision", "until_on", date(manager)).await
    }
}
