//! Standing orders with their call-offs, and group purchases with their price steps and those who joined.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [standing(), standing_line(), call_off(), group(), step(), join()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn standing() -> TableDraft {
    table("standing_order")
        .id()
        .reference("buyer_id", "organisation")
        .text("title")
        .reference_null("budget_id", "budget")
        .reference_null("framework_id", "framework")
        .text("deliver_to")
        .date("first_on")
        .date("last_on")
        .int("every_weeks")
        .int("lead_days")
        .date_null("next_on")
        .choice("state", &["active", "ended"])
        .reference("created_by", "person")
        .created_at()
        .text_null("ended_reason")
        .version()
        .check("ck_standing_order_dates", "first_on <= last_on")
        .check("ck_standing_order_every_weeks", "every_weeks between 1 and 26")
        .check("ck_standing_order_lead_days", "lead_days between 1 and 60")
        .index(&["buyer_id", "id"])
        .index_where(&["next_on"], "state = 'active'")
}

fn standing_line() -> TableDraft {
    table("standing_line")
        .reference("standing_id", "standing_order")
        .int("line_no")
        .reference("product_id", "product")
        .quantity("packs")
        .key(&["standing_id", "line_no"])
        .append_only()
}

fn call_off() -> TableDraft {
    table("standing_call_off")
        .id()
        .reference("standing_id", "standing_order")
        .reference("buyer_id", "organisation")
        .date("due_on")
        .choice("state", &["proposed", "confirmed", "declined", "lapsed"])
        .reference_null("request_id", "purchase_request")
        .reference_null("decided_by", "person")
        .text_null("reason")
        .timestamp("made_at")
        .timestamp_null("decided_at")
        .version()
        .check("ck_standing_call_off_request", "(request_id is not null) = (state = 'confirmed')")
        .unique(&["standing_id", "due_on"])
        .index(&["buyer_id", "id"])
        .index_where(&["due_on"], "state = 'proposed'")
}

fn group() -> TableDraft {
    table("group_purchase")
        .id()
        .reference("supplier_id", "organisation")
        .reference("product_id", "product")
        .text("title")
        .choice("state", &["open", "succeeded", "failed", "cancelled"])
        .timestamp("closes_at")
        .quantity("max_packs")
        .quantity_null("reached_fen")
        .text_null("closed_reason")
        .reference("offered_by", "person")
        .created_at()
        .timestamp_null("closed_at")
        .version()
        .check("ck_group_purchase_reached", "(reached_fen is not null) = (state = 'succeeded')")
        .index(&["supplier_id", "id"])
        .index_where(&["closes_at"], "state = 'open'")
}

fn step() -> TableDraft {
    table("group_step")
        .reference("group_id", "group_purchase")
        .int("step_no")
        .quantity("from_packs")
        .fen("unit_price_fen")
        .key(&["group_id", "step_no"])
        .append_only()
}

fn join() -> TableDraft {
    table("group_join")
        .id()
        .reference("group_id", "group_purchase")
        .reference("product_id", "product")
        .reference("buyer_id", "organisation")
        .quantity("packs")
        .reference_null("budget_id", "budget")
        .fen("held_fen")
        .text("deliver_to")
        .choice("state", &["joined", "left", "ordered", "released"])
        .reference_null("request_id", "purchase_request")
        .text_null("reason")
        .reference("joined_by", "person")
        .timestamp("joined_at")
        .timestamp_null("closed_at")
        .version()
        .check("ck_group_join_some", "packs > 0")
        .check("ck_group_join_request", "(request_id is not null) = (state = 'ordered')")
        .unique_where(&["group_id", "buyer_id"], "state = 'joined'")
        .index(&["buyer_id", "id"])
        .index_where(&["product_id"], "state = 'joined'")
}
