//! A unit that stands by a village (单位包村).

use crate::value::{OrganisationId, PersonId, Timestamp, UnitAssignmentId};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A unit that stands by a village (单位包村).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_assignment")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UnitAssignmentId,
    /// The unit.
    pub unit_id: OrganisationId,
    /// The village committee.
    pub village_id: OrganisationId,
    /// The first day.
    pub from_date: NaiveDate,
    /// The last day; none while it lasts.
    pub until_date: Option<NaiveDate>,
    /// The document it follows from.
    pub source: String,
    /// Who entered it.
    pub assigned_by: PersonId,
    /// Who ended it.
    pub ended_by: Option<PersonId>,
    /// Why it ended.
    pub end_reason: Option<String>,
    /// When it was entered.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
