//! Region: divisions, the 832 relief counties, categories, and which edition of each is loaded.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [division(), relief_county(), category(), dataset_version()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn division() -> TableDraft {
    table("division")
        .text("code")
        .text("name")
        .code_at_commit_null("parent_code", "division")
        .small("level")
        .choice("scope", &["gb2260", "gb2260_group", "stat_only"])
        .key(&["code"])
        .check("ck_division_level", "level between 1 and 3")
        .index(&["parent_code"])
        .index(&["name"])
}

fn relief_county() -> TableDraft {
    table("relief_county")
        .text("code")
        .text("province")
        .text("prefecture")
        .text("name")
        .code("current_code", "division")
        .text("current_name")
        .small("exit_year")
        .flag("supervised_2020")
        .flag_null("key_county_2021")
        .text("region")
        .text("note")
        .key(&["code"])
        .index(&["current_code"])
}

fn category() -> TableDraft {
    table("category")
        .text("code")
        .code_at_commit_null("parent_code", "category")
        .text("name_zh")
        .text("name_en")
        .small("level")
        .key(&["code"])
        .check("ck_category_level", "level between 1 and 3")
        .index(&["parent_code"])
}

fn dataset_version() -> TableDraft {
    table("dataset_version").text("name").text("version").big("rows").timestamp("loaded_at").key(&["name"])
}
