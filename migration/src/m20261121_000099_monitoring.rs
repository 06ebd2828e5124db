//! Rules that watch over households, their trials and runs, the clues they give, and what is done for those at risk.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

const KINDS: &[&str] = &[
    "income_under_threshold",
    "income_fall",
    "spending_shock",
    "dispute_upheld",
    "arrears",
    "lost_lots",
    "no_measure",
    "measure_without_effect",
    "flagged_comparison",
];
const RISKS: &[&str] =
    &["illness", "disability", "schooling", "disaster", "accident", "employment", "industry", "means", "other"];
const MEASURES: &[&str] = &[
    "industry",
    "employment",
    "finance",
    "public_post",
    "health",
    "compulsory_education",
    "other_education",
    "social_security",
    "housing",
    "water",
    "society",
    "relocation",
    "other",
];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for part in [rule(), trial(), run(), measure(), measure_step(), clue()] {
            part.create(manager).await?;
        }
        Ok(())
    }
}

fn rule() -> TableDraft {
    table("monitoring_rule")
        .id()
        .code("county_code", "division")
        .choice("kind", KINDS)
        .int("edition")
        .reference_null("replaces_id", "monitoring_rule")
        .int_null("percent")
        .quantity_null("amount_fen")
        .int_null("days")
        .int_null("months")
        .int("quiet_days")
        .text("reason")
        .choice("state", &["drafted", "on", "off"])
        .reference("drafted_by", "person")
        .created_at()
        .reference_null("switched_on_by", "person")
        .timestamp_null("switched_on_at")
        .reference_null("switched_off_by", "person")
        .timestamp_null("switched_off_at")
        .version()
        .check("ck_monitoring_rule_kind_watches", "kind <> 'flagged_comparison'")
        .check("ck_monitoring_rule_numbers", "edition >= 1 and quiet_days between 1 and 366")
        .check("ck_monitoring_rule_on", "(state = 'drafted') = (switched_on_by is null)")
        .check("ck_monitoring_rule_off", "(state = 'off') = (switched_off_by is not null)")
        .check("ck_monitoring_rule_apart", "switched_on_by is null or switched_on_by <> drafted_by")
        .index(&["county_code", "id"])
        .index_where(&["county_code"], "state = 'on'")
}

fn trial() -> TableDraft {
    table("monitoring_trial")
        .id()
        .reference("rule_id", "monitoring_rule")
        .date("from_on")
        .date("to_on")
        .int("looks")
        .big("households")
        .big("clues")
        .int("caught")
        .int("missed")
        .text("cases")
        .reference("tried_by", "person")
        .created_at()
        .check("ck_monitoring_trial_days", "to_on >= from_on")
        .index(&["rule_id", "id"])
        .append_only()
}

fn run() -> TableDraft {
    table("monitoring_run")
        .id()
        .code("county_code", "division")
        .date("ran_on")
        .int("rules")
        .big("households")
        .big("clues")
        .created_at()
        .index(&["county_code", "id"])
        .append_only()
}

fn measure() -> TableDraft {
    table("measure")
        .id()
        .reference("household_id", "household")
        .code("county_code", "division")
        .reference("village_id", "organisation")
        .choice("risk", RISKS)
        .choice("kind", MEASURES)
        .text("content")
        .quantity_null("amount_fen")
        .date("begun_on")
        .date("due_on")
        .text("responsible")
        .big_null("reference_fen")
        .choice("state", &["running", "done", "ended"])
        .date_null("closed_on")
        .reference_null("evidence_file_id", "stored_file")
        .reference("organisation_id", "organisation")
        .reference("entered_by", "person")
        .created_at()
        .version()
        .check("ck_measure_days", "due_on >= begun_on")
        .check("ck_measure_closed", "(state = 'running') = (closed_on is null)")
        .check("ck_measure_done", "state <> 'done' or evidence_file_id is not null")
        .index(&["household_id", "id"])
        .index(&["county_code", "id"])
        .index(&["village_id", "id"])
}

fn measure_step() -> TableDraft {
    table("measure_step")
        .reference("measure_id", "measure")
        .int("number")
        .choice("to_state", &["running", "done", "ended"])
        .text("text")
        .reference_null("evidence_file_id", "stored_file")
        .reference("taken_by", "person")
        .timestamp("taken_at")
        .key(&["measure_id", "number"])
        .append_only()
}

fn clue() -> TableDraft {
    table("monitoring_clue")
        .id()
        .text("number")
        .reference("household_id", "household")
        .code("county_code", "division")
        .reference("village_id", "organisation")
        .reference_null("rule_id", "monitoring_rule")
        .choice("kind", KINDS)
        .text("figures")
        .date("opened_on")
        .choice("state", &["open", "dismissal_asked", "taken_up", "dismissed"])
        .reference_null("asked_by", "person")
        .timestamp_null("asked_at")
        .text_null("asked_reason")
        .reference_null("decided_by", "person")
        .timestamp_null("decided_at")
        .text_null("decision")
        .reference_null("adjustment_id", "adjustment")
        .reference_null("measure_id", "measure")
        .created_at()
        .version()
        .check("ck_monitoring_clue_rule", "(kind = 'flagged_comparison') = (rule_id is null)")
        .check(
            "ck_monitoring_clue_answer",
            "(state = 'taken_up') = (adjustment_id is not null or measure_id is not null)",
        )
        .check("ck_monitoring_clue_asked", "state not in ('dismissal_asked', 'dismissed') or asked_by is not null")
        .check("ck_monitoring_clue_dismissed", "state <> 'dismissed' or decided_by is not null")
        .check("ck_monitoring_clue_apart", "decided_by is null or asked_by is null or decided_by <> asked_by")
        .unique(&["number"])
        .unique_where(&["household_id", "rule_id"], "rule_id is not null and state in ('open', 'dismissal_asked')")
        .unique_where(&["household_id", "kind"], "rule_id is null and state in ('open', 'dismissal_asked')")
        .index(&["household_id", "id"])
        .index(&["county_code", "id"])
        .index(&["village_id", "id"])
}
