//! Land registered for a household (承包地), from a date on.

use crate::value::{EntrySource, HouseholdId, HouseholdLandId, PersonId, Timestamp, state::LandKind};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Land registered for a household (承包地), from a date on.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "household_land")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HouseholdLandId,
    /// The household.
    pub household_id: HouseholdId,
    /// What kind of land.
    pub kind: LandKind,
    /// How much of it, in square metres.
    pub square_metres: i64,
    /// From which day it is so.
    pub from_date: NaiveDate,
    /// The contract or survey it follows from.
    pub source: String,
    /// Where the entry comes from.
    pub source_kind: EntrySource,
    /// Who entered it.
    pub entered_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
