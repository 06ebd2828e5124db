//! What is planned for a household in a year (一户一策).

use crate::value::{HelpPlanId, HouseholdId, OrganisationId, PersonId, RiskCause, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What is planned for a household in a year (一户一策).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "help_plan")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HelpPlanId,
    /// For whom.
    pub household_id: HouseholdId,
    /// In which year.
    pub year: i32,
    /// What brought the household into hardship.
    pub cause: RiskCause,
    /// How it is there, in words.
    pub situation: String,
    /// Who made it.
    pub made_by: PersonId,
    /// For which organisation.
    pub organisation_id: OrganisationId,
    /// When.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
