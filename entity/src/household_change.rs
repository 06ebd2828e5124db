//! What changed of a household on a day: its village, or that it was merged into another (户信息变更).

use crate::value::{AdjustmentId, EntrySource, HouseholdChangeId, HouseholdId, OrganisationId, PersonId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What changed of a household on a day: its village, or that it was merged into another (户信息变更).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "household_change")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HouseholdChangeId,
    /// The household.
    pub household_id: HouseholdId,
    /// From which day it is so.
    pub from_date: NaiveDate,
    /// The village committee it belongs to from then on, where that is what changed.
    pub village_id: Option<OrganisationId>,
    /// The household it was merged into, where that is what changed.
    pub merged_into: Option<HouseholdId>,
    /// Where the entry comes from.
    pub source_kind: EntrySource,
    /// The case, survey or list it follows from.
    pub source: String,
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
