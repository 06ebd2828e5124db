//! Somebody saw a household's personal data in full (查看留痕), for ever.

use crate::value::role::Role;
use crate::value::{AccessRecordId, AreaCode, HouseholdId, OrganisationId, PersonId, ProcessingPurpose, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Somebody saw a household's personal data in full (查看留痕), for ever.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_record")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccessRecordId,
    /// Whose data.
    pub household_id: HouseholdId,
    /// The household's county, which may list this.
    pub county_code: AreaCode,
    /// Who saw it.
    pub person_id: PersonId,
    /// For which organisation.
    pub organisation_id: OrganisationId,
    /// As what.
    pub role: Role,
    /// What for, as one of the list.
    pub purpose: ProcessingPurpose,
    /// What for, in their own words.
    pub reason: String,
    /// Which fields were shown, as a JSON list.
    pub fields: String,
    /// Of how many members.
    pub members: i32,
    /// The request.
    pub request_id: String,
    /// The address it came from.
    pub address: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// No relations: rows are found by their keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
