//! A household assigned to a helper cadre (帮扶责任关系).

use crate::value::{HelperAssignmentId, HelperPosition, HouseholdId, OrganisationId, PersonId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A household assigned to a helper cadre (帮扶责任关系).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "helper_assignment")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HelperAssignmentId,
    /// Who is helped.
    pub household_id: HouseholdId,
    /// Who helps.
    pub person_id: PersonId,
    /// For which organisation they help (帮扶单位).
    pub organisation_id: OrganisationId,
    /// The first day.
    pub from_date: NaiveDate,
    /// The last day; none while it lasts.
    pub until_date: Option<NaiveDate>,
    /// By which position they may help; none where it was not asked for.
    pub position: Option<HelperPosition>,
    /// Why somebody without such a position, or with more households than the rule allows, helps.
    pub exception_reason: Option<String>,
    /// Who assigned it.
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
