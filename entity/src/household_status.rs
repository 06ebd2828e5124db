//! The status of a household from a date on (户类型).

use crate::value::{
    AdjustmentId, EntrySource, HouseholdId, HouseholdStatusId, PersonId, Timestamp, state::HouseholdStatusKind,
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// The status of a household from a date on (户类型).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "household_status")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HouseholdStatusId,
    /// The household.
    pub household_id: HouseholdId,
    /// What it is from then on.
    pub status: HouseholdStatusKind,
    /// The first day.
    pub from_date: NaiveDate,
    /// The decision or list it follows from.
    pub source: String,
    /// Where the entry comes from.
    pub source_kind: EntrySource,
    /// The case that made it, where one did.
    pub adjustment_id: Option<AdjustmentId>,
    /// Who entered it.
    pub entered_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
