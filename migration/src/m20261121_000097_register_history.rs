//! The history of the register: every change of a household and of a person from a date on, with its source.
//!
//! What stands in the register already becomes the first entry of each, from the day of the registration; it keeps the
//! identifier of its household or member, so that it stands before whatever is entered later for the same day.

use crate::alter;
use crate::columns::{TableDraft, table};
use crate::dialect;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

const SOURCES: &[&str] = &["registration", "case", "survey", "import"];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["household_status", "household_land"] {
            alter::add(manager, table, "source_kind", &source_kind(table)).await?;
        }
        alter::add_uuid(manager, "household_status", "adjustment_id", Some("adjustment")).await?;
        let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
        let day = if is_postgres { "date" } else { "date_text" };
        alter::add(manager, "household_member", "left_on", day).await?;
        household_change().create(manager).await?;
        member_change().create(manager).await?;
        // Health is sealed, and sealed anew when the keys change; nothing else of an entry ever changes.
        let kept = [
            "id",
            "member_id",
            "from_date",
            "household_id",
            "has_left",
            "cause",
            "relation",
            "education",
            "skill",
            "work_place",
            "work_months",
            "source_kind",
            "source",
            "adjustment_id",
            "entered_by",
            "created_at",
        ];
        dialect::make_entered_once(manager, "member_change", &kept).await?;
        for sql in [FIRST_OF_HOUSEHOLDS, FIRST_OF_MEMBERS] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

fn source_kind(table: &str) -> String {
    let list = SOURCES.iter().map(|value| format!("'{value}'")).collect::<Vec<_>>().join(", ");
    format!(
        "text not null default 'registration' constraint \"ck_{table}_source_kind\" CHECK (\"source_kind\" in ({list}))"
    )
}

/// Whoever entered the first status of a household entered the household.
const FIRST_OF_HOUSEHOLDS: &str = "
insert into household_change (id, household_id, from_date, village_id, source_kind, source, entered_by, created_at)
select h.id, h.id, h.registered_on, h.village_id, 'registration', '建档登记', s.entered_by, h.created_at
from household h join household_status s on s.household_id = h.id
where s.id = (select f.id from household_status f where f.household_id = h.id order by f.created_at, f.id limit 1)";

const FIRST_OF_MEMBERS: &str = "
insert into member_change (id, member_id, from_date, household_id, has_left, cause, relation, source_kind, source,
  entered_by, created_at)
select m.id, m.id, c.from_date, m.household_id, false, 'registered', m.relation, 'registration', '建档登记',
  c.entered_by, m.created_at
from household_member m join household_change c on c.id = m.household_id";

fn household_change() -> TableDraft {
    table("household_change")
        .id()
        .reference("household_id", "household")
        .date("from_date")
        .reference_null("village_id", "organisation")
        .reference_null("merged_into", "household")
        .choice("source_kind", SOURCES)
        .text("source")
        .reference_null("adjustment_id", "adjustment")
        .reference("entered_by", "person")
        .created_at()
        .check("ck_household_change_says", "village_id is not null or merged_into is not null")
        .check("ck_household_change_case", "(source_kind = 'case') = (adjustment_id is not null)")
        .index(&["household_id", "from_date"])
        .index(&["merged_into"])
        .append_only()
}

fn member_change() -> TableDraft {
    table("member_change")
        .id()
        .reference("member_id", "household_member")
        .date("from_date")
        .reference_null("household_id", "household")
        .flag("has_left")
        .text_null("cause")
        .check(
            "ck_member_change_cause",
            "\"cause\" in ('birth', 'marriage_in', 'move_in', 'death', 'marriage_out', 'move_out', 'split', 'merge', \
             'registered')",
        )
        .text_null("relation")
        .check(
            "ck_member_change_relation",
            "\"relation\" in ('head', 'spouse', 'child', 'parent', 'grandchild', 'other')",
        )
        .text_null("education")
        .check(
            "ck_member_change_education",
            "\"education\" in ('preschool', 'none', 'primary', 'junior_secondary', 'senior_secondary', 'college', \
             'university')",
        )
        .text_null("health_cipher")
        .text_null("skill")
        .check("ck_member_change_skill", "\"skill\" in ('skilled', 'ordinary', 'weak', 'lost', 'none')")
        .text_null("work_place")
        .quantity_null("work_months")
        .choice("source_kind", SOURCES)
        .text("source")
        .reference_null("adjustment_id", "adjustment")
        .reference("entered_by", "person")
        .created_at()
        .check("ck_member_change_left", "not (has_left and household_id is not null)")
        .check("ck_member_change_why", "(cause is not null) = (has_left or household_id is not null)")
        .check("ck_member_change_work", "(work_place is null) = (work_months is null) and work_months <= 12")
        .check("ck_member_change_case", "(source_kind = 'case') = (adjustment_id is not null)")
        .index(&["member_id", "from_date"])
        .index(&["household_id", "member_id"])
}
