//! Approval: rules in versions with their steps, deputies; requests with their steps and history.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [rule(), rule_step(), deputy(), request(), step(), event()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

const ROLES: &str = "\"role\" in ('finance_officer', 'approver')";

fn rule() -> TableDraft {
    table("approval_rule")
        .id()
        .reference("organisation_id", "organisation")
        .text("code")
        .int("number")
        .fen("amount_from_fen")
        .text_null("category_code")
        .text_null("fund_kind")
        .check("ck_approval_rule_fund_kind", "\"fund_kind\" in ('fiscal', 'union', 'canteen', 'other')")
        .flag("over_budget")
        .flag("is_active")
        .text("document")
        .reference("created_by", "person")
        .created_at()
        .unique(&["organisation_id", "code", "number"])
        .append_only()
}

fn rule_step() -> TableDraft {
    table("approval_rule_step")
        .reference("rule_id", "approval_rule")
        .int("step_no")
        .text_null("role")
        .check("ck_approval_rule_step_role", ROLES)
        .reference_null("organisation_id", "organisation")
        .reference_null("person_id", "person")
        .int("remind_hours")
        .check("ck_approval_rule_step_who", "(role is null) <> (person_id is null)")
        .check("ck_approval_rule_step_remind_hours", "remind_hours > 0")
        .key(&["rule_id", "step_no"])
        .append_only()
}

fn deputy() -> TableDraft {
    table("approval_deputy")
        .id()
        .reference("organisation_id", "organisation")
        .reference("principal_id", "person")
        .text("role")
        .check("ck_approval_deputy_role", ROLES)
        .reference("deputy_id", "person")
        .date("from_date")
        .date("to_date")
        .text("reason")
        .created_at()
        .timestamp_null("ended_at")
        .version()
        .check("ck_approval_deputy_dates", "from_date <= to_date")
        .check("ck_approval_deputy_other", "principal_id <> deputy_id")
        .index(&["organisation_id", "id"])
        .index(&["deputy_id"])
}

fn request() -> TableDraft {
    table("purchase_request")
        .id()
        .reference("buyer_id", "organisation")
        .reference("asked_by", "person")
        .choice("way", &["direct", "framework", "standing", "quotation", "group"])
        .choice("state", &["waiting", "returned", "placed", "withdrawn", "expired"])
        .text("wanted")
        .text("prices")
        .fen("total_fen")
        .flag("over_budget")
        .text_null("note")
        .int("round")
        .int("step_no")
        .timestamp_null("remind_at")
        .timestamp("expires_at")
        .reference_null("order_group_id", "order_group")
        .timestamp("asked_at")
        .timestamp_null("closed_at")
        .version()
        .check("ck_purchase_request_placed", "(order_group_id is not null) = (state = 'placed')")
        .check("ck_purchase_request_step_no", "(step_no > 0) = (state = 'waiting')")
        .unique_where(&["order_group_id"], "order_group_id is not null")
        .index(&["buyer_id", "id"])
        .index_where(&["remind_at"], "state = 'waiting'")
        .index_where(&["expires_at"], "state in ('waiting', 'returned')")
}

fn step() -> TableDraft {
    table("purchase_step")
        .reference("request_id", "purchase_request")
        .int("round")
        .int("step_no")
        .reference("rule_id", "approval_rule")
        .text_null("role")
        .check("ck_purchase_step_role", ROLES)
        .reference("organisation_id", "organisation")
        .reference_null("person_id", "person")
        .reference_null("delegate_id", "person")
        .int("remind_hours")
        .reference_null("decided_by", "person")
        .reference_null("decided_for", "person")
        .timestamp_null("decided_at")
        .key(&["request_id", "round", "step_no"])
        .check("ck_purchase_step_decided", "(decided_by is null) = (decided_at is null)")
}

fn event() -> TableDraft {
    table("purchase_event")
        .reference("request_id", "purchase_request")
        .int("event_no")
        .choice("kind", &["asked", "approved", "returned", "delegated", "reminded", "withdrawn", "expired", "placed"])
        .int("round")
        .int("step_no")
        .reference_null("person_id", "person")
        .reference_null("other_id", "person")
        .text_null("reason")
        .timestamp("at")
        .key(&["request_id", "event_no"])
        .append_only()
}
