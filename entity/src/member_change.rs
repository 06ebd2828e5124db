//! What changed of a person on a day: the household, or anything kept about them (成员信息变更).

use crate::value::{
    AdjustmentId, Education, EntrySource, Guarantee, HouseholdId, LabourSkill, MemberCause, MemberChangeId, MemberId,
    PersonId, Timestamp,
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What changed of a person on a day: the household, or anything kept about them (成员信息变更).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "member_change")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MemberChangeId,
    /// The person.
    pub member_id: MemberId,
    /// From which day it is so.
    pub from_date: NaiveDate,
    /// The household they belong to from then on, where that is what changed.
    pub household_id: Option<HouseholdId>,
    /// Whether they belong to none from then on.
    pub has_left: bool,
    /// Why they came or left.
    pub cause: Option<MemberCause>,
    /// Their relation to the head, where that is what changed.
    pub relation: Option<crate::value::state::Relation>,
    /// Their schooling, where that is what changed.
    pub education: Option<Education>,
    /// Their health, encrypted, where that is what changed.
    pub health_cipher: Option<String>,
    /// What work they can do, where that is what changed.
    pub skill: Option<LabourSkill>,
    /// Where they work away from home, where that is what changed; empty when they do not.
    pub work_place: Option<String>,
    /// How many months a year they work there; with the place.
    pub work_months: Option<i64>,
    /// Which guarantee of the state they live on, where that is what changed.
    pub guarantee: Option<Guarantee>,
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
