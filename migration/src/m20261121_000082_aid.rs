//! Pairing: rules of programmes, pledges, and what enterprises say they gave, with its reviews.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [rule(), pledge(), claim(), step()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

const KINDS: &[&str] = &[
    "purchase",
    "assisted_sale",
    "investment_intended",
    "investment_contracted",
    "investment_in_place",
    "donation_cash",
    "donation_kind",
    "wages",
    "training",
    "infrastructure",
    "posts",
];
const STATES: &[&str] = &["entered", "village_confirmed", "county_verified", "rejected"];

fn rule() -> TableDraft {
    table("programme_rule")
        .id()
        .reference("programme_id", "programme")
        .int("number")
        .choice("kind", &["enterprises_and_villages", "east_west", "designated", "local"])
        .text("counted")
        .text("rule")
        .text("document")
        .reference("created_by", "person")
        .created_at()
        .unique(&["programme_id", "number"])
        .append_only()
}

fn pledge() -> TableDraft {
    table("pledge")
        .id()
        .reference("pairing_id", "pairing")
        .choice("kind", KINDS)
        .fen("amount_fen")
        .int("people")
        .date("due_on")
        .reference("created_by", "person")
        .created_at()
        .check("ck_pledge_people", "people >= 0")
        .check("ck_pledge_something", "amount_fen > 0 or people > 0")
        .index(&["pairing_id"])
        .append_only()
}

fn claim() -> TableDraft {
    table("aid_claim")
        .id()
        .reference("pairing_id", "pairing")
        .reference("enterprise_id", "organisation")
        .reference("village_id", "organisation")
        .choice("kind", KINDS)
        .fen("amount_fen")
        .int("people")
        .date("occurred_on")
        .text("content")
        .text_null("basis")
        .reference_null("supplier_order_id", "supplier_order")
        .reference("evidence_file_id", "stored_file")
        .choice("state", STATES)
        .reference("entered_by", "person")
        .created_at()
        .version()
        .check("ck_aid_claim_people", "people >= 0")
        .check("ck_aid_claim_not_purchase", "kind <> 'purchase'")
        .check("ck_aid_claim_basis", "kind <> 'donation_kind' or basis is not null")
        .check("ck_aid_claim_order", "supplier_order_id is null or kind = 'assisted_sale'")
        .unique_where(&["supplier_order_id"], "supplier_order_id is not null and state <> 'rejected'")
        .index(&["pairing_id", "kind", "state"])
        .index(&["enterprise_id", "id"])
        .index(&["village_id", "id"])
}

fn step() -> TableDraft {
    table("aid_claim_step")
        .reference("claim_id", "aid_claim")
        .int("step_no")
        .choice("from_state", STATES)
        .choice("to_state", STATES)
        .reference("organisation_id", "organisation")
        .reference("person_id", "person")
        .text_null("reason")
        .created_at()
        .key(&["claim_id", "step_no"])
        .append_only()
}
