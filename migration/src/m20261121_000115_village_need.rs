//! What villages need, who took it on, and what came of it.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [need(), step()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

const STATES: &[&str] = &["published", "claimed", "delivered", "fulfilled", "withdrawn"];

fn need() -> TableDraft {
    table("village_need")
        .id()
        .reference("village_id", "organisation")
        .code("county_code", "division")
        .choice("kind", &["goods_to_sell", "skills", "posts", "project"])
        .text("title")
        .text("content")
        .text_null("category_code")
        .fen("amount_fen")
        .int("people")
        .date("wanted_until")
        .choice("state", STATES)
        .reference_null("claimant_id", "organisation")
        .reference_null("claimed_by", "person")
        .flag("is_in_person")
        .timestamp_null("claimed_at")
        .reference_null("pairing_id", "pairing")
        .reference_null("aid_claim_id", "aid_claim")
        .date_null("delivered_on")
        .quantity_null("delivered_fen")
        .quantity_null("delivered_people")
        .text_null("outcome")
        .reference_null("evidence_file_id", "stored_file")
        .reference("created_by", "person")
        .created_at()
        .version()
        .check("ck_village_need_people", "people >= 0")
        .check("ck_village_need_something", "amount_fen > 0 or people > 0")
        .check("ck_village_need_category", "category_code is null or kind = 'goods_to_sell'")
        .check(
            "ck_village_need_claimant",
            "state in ('published', 'withdrawn') or (claimant_id is not null and claimed_by is not null)",
        )
        .check(
            "ck_village_need_delivery",
            "state not in ('delivered', 'fulfilled') or (delivered_on is not null and evidence_file_id is not null)",
        )
        .index(&["village_id", "id"])
        .index(&["claimant_id", "id"])
        .index(&["county_code", "state", "id"])
        .index(&["state", "id"])
        .index(&["pairing_id"])
}

fn step() -> TableDraft {
    table("village_need_step")
        .reference("need_id", "village_need")
        .int("step_no")
        .choice("from_state", STATES)
        .choice("to_state", STATES)
        .reference("organisation_id", "organisation")
        .reference("person_id", "person")
        .text_null("reason")
        .created_at()
        .key(&["need_id", "step_no"])
        .append_only()
}
