//! Catalogue: what is known of a product beside its hot row, rates of carriage, certificates that end.

use crate::alter;
use crate::columns::table;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let states = ["draft", "in_review", "rejected", "on_shelf", "off_shelf", "delisted", "ready"];
        alter::choices(manager, "product", "state", &states).await?;
        let schemes = [
            "green_food",
            "organic",
            "geographical_indication",
            "conformity",
            "relief_product",
            "other",
            "voluntary",
            "test_report",
        ];
        alter::choices(manager, "product_certificate", "scheme", &schemes).await?;
        alter::add(manager, "product_certificate", "revoked_on", date(manager)).await?;
        alter::add(manager, "product_certificate", "revoked_because", "text").await?;
        alter::add(manager, "product_certificate", "withdrawn_on", date(manager)).await?;
        alter::add(manager, "product_certificate", "warned_days", "integer").await?;
        table("freight_template")
            .id()
            .reference("supplier_id", "organisation")
            .text("name")
            .reference("created_by", "person")
            .created_at()
            .unique(&["supplier_id", "name"])
            .create(manager)
            .await?;
        table("freight_rate")
            .reference("template_id", "freight_template")
            .int("line_no")
            .text("provinces")
            .quantity("first_grams")
            .fen("first_fen")
            .quantity("next_grams")
            .fen("next_fen")
            .quantity_null("free_from_fen")
            .key(&["template_id", "line_no"])
            .create(manager)
            .await?;
        sheet(manager).await?;
        let db = manager.get_connection();
        db.execute_unprepared("create index ix_product_certificate_valid_to on product_certificate (valid_to)").await?;
        // One number may have had several terms with a gap between them: each is kept.
        db.execute_unprepared("drop index ux_product_certificate_scheme_number_product_id").await?;
        db.execute_unprepared(
            "create unique index ux_product_certificate_scheme_number_product_id_valid_from \
             on product_certificate (scheme, number, product_id, valid_from)",
        )
        .await?;
        // Products that stand get a sheet that says nothing yet; their own key keeps them apart. SQLite keeps an
        // identifier as bytes, which are no text.
        let own = if manager.get_database_backend() == DbBackend::Postgres { "cast(id as text)" } else { "hex(id)" };
        db.execute_unprepared(&format!(
            "insert into product_sheet (product_id, supplier_id, kind, pack_unit, season_months, storage, \
             lists_on_approval, same_key) \
             select id, supplier_id, 'primary', '件', 0, 'ambient', true, {own} from product"
        ))
        .await
        .map(drop)
    }
}

/// What both databases keep a day in when a column is added later.
pub(crate) fn date(manager: &SchemaManager<'_>) -> &'static str {
    if manager.get_database_backend() == DbBackend::Postgres { "date" } else { "date_text" }
}

async fn sheet(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table("product_sheet")
        .uuid("product_id")
        .key(&["product_id"])
        .points_at("product_id", "product")
        .reference("supplier_id", "organisation")
        .choice("kind", &["fresh", "primary", "processed", "not_food"])
        .text("pack_unit")
        .quantity_null("pieces")
        .text_null("brand")
        .text_null("taste")
        .text_null("packaging")
        .code_at_commit_null("processing_county_code", "division")
        .quantity_null("buyer_limit_packs")
        .int("season_months")
        .quantity_null("monthly_capacity_packs")
        .choice("storage", &["ambient", "chilled", "frozen"])
        .reference_null("freight_template_id", "freight_template")
        .flag("lists_on_approval")
        .text("same_key")
        .text_null("off_reason")
        .check("ck_product_sheet_season_months", "season_months between 0 and 4095")
        .check(
            "ck_product_sheet_off_reason",
            "\"off_reason\" in ('price_proof_missing', 'price_above_peers', 'duplicate', 'certificate_expired', \
             'origin_doubt', 'supplier_suspended', 'mandate_ended', 'quality', 'other')",
        )
        .unique(&["supplier_id", "same_key"])
        .index(&["freight_template_id"])
        .create(manager)
        .await
}
