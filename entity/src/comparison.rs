//! A file of a department that was compared with the register (部门比对).

use crate::value::{AreaCode, ComparisonId, ComparisonKind, OrganisationId, PersonId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A file of a department that was compared with the register (部门比对).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comparison")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ComparisonId,
    /// What it lists.
    pub kind: ComparisonKind,
    /// The department it came from.
    pub department: String,
    /// As of which day it lists it.
    pub data_on: NaiveDate,
    /// The county whose register it was compared with.
    pub county_code: AreaCode,
    /// For which office.
    pub organisation_id: OrganisationId,
    /// Who sent it.
    pub uploaded_by: PersonId,
    /// Rows in it.
    pub total_rows: i32,
    /// Rows without a number that is one.
    pub bad_rows: i32,
    /// People of the register who stand in it.
    pub matched_people: i32,
    /// Of these, for whom a flag was raised: for the others one of the kind was open.
    pub flagged_people: i32,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
