//! Catalogue: admission of suppliers, products, prices, certificates.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

const ADMISSION_STATES: &[&str] =
    &["draft", "submitted", "agriculture_recommended", "revitalisation_recommended", "active", "returned"];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in
            [admission(), admission_document(), admission_decision(), product(), product_price(), product_certificate()]
        {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn admission() -> TableDraft {
    table("admission")
        .id()
        .reference("organisation_id", "organisation")
        .choice("state", ADMISSION_STATES)
        .code("county_code", "division")
        .text("mechanism")
        .text_null("return_reason")
        .created_at()
        .timestamp("updated_at")
        .version()
        .unique(&["organisation_id"])
        .index(&["county_code", "state"])
        .index(&["state"])
}

fn admission_document() -> TableDraft {
    table("admission_document")
        .reference("admission_id", "admission")
        .choice(
            "kind",
            &[
                "business_licence",
                "legal_representative",
                "account_permit",
                "food_licence",
                "benefit_mechanism",
                "other",
            ],
        )
        .reference("file_id", "stored_file")
        .key(&["admission_id", "kind"])
}

fn admission_decision() -> TableDraft {
    table("admission_decision")
        .id()
        .reference("admission_id", "admission")
        .choice("from_state", ADMISSION_STATES)
        .choice("to_state", ADMISSION_STATES)
        .reference("person_id", "person")
        .reference("organisation_id", "organisation")
        .text("opinion")
        .text("document_hashes")
        .timestamp("decided_at")
        .index(&["admission_id"])
        .append_only()
}

fn product() -> TableDraft {
    table("product")
        .id()
        .reference("supplier_id", "organisation")
        .text("name")
        .code("category_code", "category")
        .code("origin_county_code", "division")
        .quantity("pack_grams")
        .text("description")
        .quantity("min_packs")
        .quantity("on_hand_packs")
        .quantity("reserved_packs")
        .int("shelf_life_days")
        .fen("unit_price_fen")
        // No foreign key: a product and its price point at each other.
        .uuid("price_id")
        .choice("state", &["draft", "in_review", "rejected", "on_shelf", "off_shelf", "delisted"])
        .text_null("review_opinion")
        .created_at()
        .timestamp("updated_at")
        .version()
        .check("ck_product_shelf_life_days", "shelf_life_days >= 0")
        .check("ck_product_stock", "reserved_packs <= on_hand_packs")
        .index(&["supplier_id", "id"])
        .index(&["state", "id"])
        .index(&["state", "category_code", "id"])
        .index(&["state", "origin_county_code", "id"])
}

fn product_price() -> TableDraft {
    table("product_price")
        .id()
        .reference("product_id", "product")
        .int("number")
        .fen("unit_price_fen")
        .reference("created_by", "person")
        .created_at()
        .unique(&["product_id", "number"])
        .append_only()
}

fn product_certificate() -> TableDraft {
    table("product_certificate")
        .id()
        .reference("product_id", "product")
        .choice(
            "scheme",
            &["green_food", "organic", "geographical_indication", "conformity", "relief_product", "other"],
        )
        .text("issuer")
        .text("number")
        .date("valid_from")
        .date_null("valid_to")
        .reference_null("file_id", "stored_file")
        .unique(&["scheme", "number", "product_id"])
        .index(&["product_id"])
}
