//! Help for households: visits, plans with their measures, units that stand by villages, and by which position a cadre
//! helps.

use crate::alter;
use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [visit(), photo(), plan(), item(), progress(), unit()] {
            table.create(manager).await?;
        }
        // Absent where nobody was asked.
        let positions = "constraint \"ck_helper_assignment_position\" check \
                         (\"position\" in ('established_cadre', 'enterprise_manager', 'other'))";
        alter::add(manager, "helper_assignment", "position", &format!("text {positions}")).await?;
        let mut lasting = Index::create().name("ix_helper_assignment_open").table("helper_assignment").to_owned();
        let lasting = lasting.col("household_id").and_where(Expr::cust("until_date is null")).to_owned();
        manager.create_index(lasting).await
    }
}

fn visit() -> TableDraft {
    table("help_visit")
        .id()
        .reference("household_id", "household")
        .timestamp("visited_at")
        .int("year")
        .text("place")
        .big_null("latitude_e6")
        .big_null("longitude_e6")
        .text("seen")
        .reference("person_id", "person")
        .reference("organisation_id", "organisation")
        .choice("role", &["helper_cadre", "village_officer"])
        .created_at()
        .check("ck_help_visit_where", "(latitude_e6 is null) = (longitude_e6 is null)")
        .check(
            "ck_help_visit_degrees",
            "latitude_e6 is null or (latitude_e6 between -90000000 and 90000000 and longitude_e6 between -180000000 and \
             180000000)",
        )
        .index(&["household_id", "id"])
        .index(&["household_id", "year"])
        .index(&["person_id", "id"])
        .append_only()
}

fn photo() -> TableDraft {
    table("help_visit_photo")
        .reference("visit_id", "help_visit")
        .int("number")
        .reference("file_id", "stored_file")
        .text("sha256")
        .reference_null("same_as", "help_visit")
        .key(&["visit_id", "number"])
        .index(&["sha256"])
        .append_only()
}

fn plan() -> TableDraft {
    table("help_plan")
        .id()
        .reference("household_id", "household")
        .int("year")
        .choice(
            "cause",
            &["illness", "disability", "schooling", "disaster", "accident", "employment", "industry", "means", "other"],
        )
        .text("situation")
        .reference("made_by", "person")
        .reference("organisation_id", "organisation")
        .created_at()
        .version()
        .unique(&["household_id", "year"])
}

const STATES: &[&str] = &["open", "done", "dropped"];

fn item() -> TableDraft {
    table("help_plan_item")
        .reference("plan_id", "help_plan")
        .int("number")
        .text("need")
        .choice(
            "kind",
            &[
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
            ],
        )
        .text("measure")
        .quantity_null("amount_fen")
        .text("responsible")
        .reference_null("unit_id", "organisation")
        .text("target")
        .date("due_on")
        .choice("state", STATES)
        .date_null("ended_on")
        .check("ck_help_plan_item_ended", "(state = 'open') = (ended_on is null)")
        .key(&["plan_id", "number"])
        .index_where(&["due_on"], "state = 'open'")
}

fn progress() -> TableDraft {
    table("help_plan_progress")
        .reference("plan_id", "help_plan")
        .int("item_number")
        .int("number")
        .date("on_date")
        .text("text")
        .choice("state", STATES)
        .reference_null("file_id", "stored_file")
        .reference("entered_by", "person")
        .created_at()
        .key(&["plan_id", "item_number", "number"])
        .append_only()
}

fn unit() -> TableDraft {
    table("unit_assignment")
        .id()
        .reference("unit_id", "organisation")
        .reference("village_id", "organisation")
        .date("from_date")
        .date_null("until_date")
        .text("source")
        .reference("assigned_by", "person")
        .reference_null("ended_by", "person")
        .text_null("end_reason")
        .created_at()
        .version()
        .check("ck_unit_assignment_days", "until_date is null or until_date >= from_date")
        .check(
            "ck_unit_assignment_ended",
            "(until_date is null) = (ended_by is null) and (until_date is null) = (end_reason is null)",
        )
        .unique_where(&["unit_id", "village_id"], "until_date is null")
        .index(&["village_id", "id"])
        .index(&["unit_id", "id"])
}
