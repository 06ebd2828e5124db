//! How a measure came along.

use crate::value::{FileId, HelpPlanId, PersonId, PlannedState, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// How a measure came along.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "help_plan_progress")]
pub struct Model {
    /// The plan.
    #[sea_orm(primary_key, auto_increment = false)]
    pub plan_id: HelpPlanId,
    /// The item.
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_number: i32,
    /// Its number among what is known of the item.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// The day it is about.
    pub on_date: NaiveDate,
    /// What was done, or why it was given up.
    pub text: String,
    /// Where the measure is since.
    pub state: PlannedState,
    /// What shows it.
    pub file_id: Option<FileId>,
    /// Who says so.
    pub entered_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
