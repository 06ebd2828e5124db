//! A visit at a household's home (走访记录).

use crate::value::{HouseholdId, OrganisationId, PersonId, Role, Timestamp, VisitId};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A visit at a household's home (走访记录).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "help_visit")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VisitId,
    /// Who was visited.
    pub household_id: HouseholdId,
    /// When they were there.
    pub visited_at: Timestamp,
    /// The calendar year of that day, by which visits are counted.
    pub year: i32,
    /// Where, in words.
    pub place: String,
    /// Degrees north, in millionths.
    pub latitude_e6: Option<i64>,
    /// Degrees east, in millionths.
    pub longitude_e6: Option<i64>,
    /// What they saw.
    pub seen: String,
    /// Who was there.
    pub person_id: PersonId,
    /// For which organisation.
    pub organisation_id: OrganisationId,
    /// As what.
    pub role: Role,
    /// When it was entered.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
