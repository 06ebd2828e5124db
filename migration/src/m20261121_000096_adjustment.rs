//! Changes of the register as cases: who they are about, their steps, visits, votes, notices and objections.

use crate::alter;
use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

const KINDS: &[&str] =
    &["identification", "return_to_poverty", "natural_change", "split", "merge", "exit", "risk_removal"];
const STATES: &[&str] = &[
    "clue",
    "checked",
    "reviewed",
    "publicised",
    "objected",
    "at_township",
    "at_county",
    "returned",
    "effective",
    "dismissed",
    "rejected",
    "withdrawn",
];
const STEPS: &[&str] = &[
    "open",
    "check",
    "dismiss",
    "review",
    "publicise",
    "object",
    "answer",
    "submit",
    "endorse",
    "return",
    "send_back",
    "approve",
    "refuse",
    "withdraw",
];
const REASONS: &[&str] = &["essential_spending", "misfortune", "income_loss", "means", "population", "stable", "other"];
const STATUS: &str = "\"status\" in ('registered', 'monitored_unstable', 'monitored_borderline', 'monitored_sudden', \
                      'ordinary')";
const MEMBER_CAUSE: &str = "\"cause\" in ('birth', 'marriage_in', 'move_in', 'death', 'marriage_out', 'move_out', \
                            'split', 'merge', 'registered')";
const RELATION: &str = "\"relation\" in ('head', 'spouse', 'child', 'parent', 'grandchild', 'other')";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let parts = [person(), step(), check(), review(), publicity(), objection()];
        adjustment().create(manager).await?;
        for part in parts {
            part.create(manager).await?;
        }
        let categories = ["account", "orders", "supply", "money", "operation", "registry"];
        alter::choices(manager, "mail", "category", &categories).await
    }
}

fn adjustment() -> TableDraft {
    table("adjustment")
        .id()
        .text("number")
        .code("county_code", "division")
        .reference("village_id", "organisation")
        .choice("kind", KINDS)
        .choice("origin", &["own_report", "visit", "department_warning"])
        .reference_null("household_id", "household")
        .reference_null("other_household_id", "household")
        .reference_null("result_household_id", "household")
        .text_null("new_number")
        .text_null("status")
        .check("ck_adjustment_status", STATUS)
        .text_null("cause")
        .check(
            "ck_adjustment_cause",
            "\"cause\" in ('illness', 'disability', 'schooling', 'disaster', 'accident', 'employment', 'industry', \
             'means', 'other')",
        )
        .date_null("happened_on")
        .text("text")
        .date("opened_on")
        .date("due_on")
        .date_null("stopped_on")
        .int("ran_days")
        .date_null("running_since")
        .choice("state", STATES)
        .reference("opened_by", "person")
        .created_at()
        .date_null("effective_on")
        .timestamp_null("closed_at")
        .version()
        .check("ck_adjustment_due", "due_on >= opened_on and ran_days >= 0")
        .check("ck_adjustment_whose", "household_id is not null or new_number is not null")
        .check("ck_adjustment_other", "(kind = 'merge') = (other_household_id is not null)")
        .check("ck_adjustment_running", "(state = 'publicised') = (running_since is not null)")
        .check("ck_adjustment_stopped", "(state = 'objected') = (stopped_on is not null)")
        .check("ck_adjustment_effective", "(state = 'effective') = (effective_on is not null)")
        .check(
            "ck_adjustment_closed",
            "(state in ('effective', 'dismissed', 'rejected', 'withdrawn')) = (closed_at is not null)",
        )
        .unique(&["number"])
        .unique_where(&["household_id"], "closed_at is null")
        .unique_where(&["other_household_id"], "closed_at is null")
        .unique_where(&["new_number"], "closed_at is null")
        .index(&["county_code", "id"])
        .index(&["village_id", "id"])
        .index_where(&["due_on"], "closed_at is null")
}

fn person() -> TableDraft {
    table("adjustment_person")
        .id()
        .reference("adjustment_id", "adjustment")
        .int("number")
        .text_null("cause")
        .check("ck_adjustment_person_cause", MEMBER_CAUSE)
        .reference_null("member_id", "household_member")
        .text_null("relation")
        .check("ck_adjustment_person_relation", RELATION)
        .text_null("person_cipher")
        .check("ck_adjustment_person_whom", "(member_id is null) = (person_cipher is not null)")
        .unique(&["adjustment_id", "number"])
        .index(&["member_id"])
}

fn step() -> TableDraft {
    table("adjustment_step")
        .reference("adjustment_id", "adjustment")
        .int("number")
        .choice("step", STEPS)
        .choice("to_state", STATES)
        .text_null("text")
        .reference("organisation_id", "organisation")
        .reference("taken_by", "person")
        .timestamp("taken_at")
        .key(&["adjustment_id", "number"])
        .append_only()
}

fn check() -> TableDraft {
    table("adjustment_check")
        .reference("adjustment_id", "adjustment")
        .int("number")
        .date("visited_on")
        .text("visitors")
        .date("consented_on")
        .reference("consent_file_id", "stored_file")
        .text("findings")
        .created_at()
        .key(&["adjustment_id", "number"])
        .append_only()
}

fn review() -> TableDraft {
    table("adjustment_review")
        .reference("adjustment_id", "adjustment")
        .int("number")
        .date("held_on")
        .int("eligible")
        .int("present")
        .int("in_favour")
        .int("against")
        .int("abstained")
        .flag("is_passed")
        .reference("minutes_file_id", "stored_file")
        .created_at()
        .check("ck_adjustment_review_votes", "in_favour >= 0 and against >= 0 and abstained >= 0")
        .check("ck_adjustment_review_sum", "in_favour + against + abstained = present")
        .check("ck_adjustment_review_quorum", "present <= eligible and 3 * present >= 2 * eligible and present > 0")
        .check("ck_adjustment_review_passed", "is_passed = (2 * in_favour > present)")
        .key(&["adjustment_id", "number"])
        .append_only()
}

fn publicity() -> TableDraft {
    table("adjustment_publicity")
        .reference("adjustment_id", "adjustment")
        .reference("village_id", "organisation")
        .choice("kind", KINDS)
        .text_null("status")
        .check("ck_adjustment_publicity_status", STATUS)
        .choice("reason", REASONS)
        .text("head_name")
        .int("people")
        .date("posted_on")
        .text("place")
        .created_at()
        .check("ck_adjustment_publicity_people", "people >= 0")
        .key(&["adjustment_id"])
        .index(&["village_id", "adjustment_id"])
        .append_only()
}

fn objection() -> TableDraft {
    table("adjustment_objection")
        .id()
        .reference("adjustment_id", "adjustment")
        .date("raised_on")
        .text("text")
        .reference("entered_by", "person")
        .created_at()
        .text_null("outcome")
        .check("ck_adjustment_objection_outcome", "\"outcome\" in ('upheld', 'not_upheld')")
        .text_null("answer")
        .reference_null("answered_by", "person")
        .timestamp_null("answered_at")
        .check(
            "ck_adjustment_objection_answered",
            "(outcome is null) = (answer is null) and (outcome is null) = (answered_by is null) and (outcome is null) = \
             (answered_at is null)",
        )
        .index(&["adjustment_id", "id"])
}
