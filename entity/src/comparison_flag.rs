//! A person of the register who stands in a department's file (比对疑点).

use crate::value::{
    AreaCode, ComparisonFlagId, ComparisonFlagState, ComparisonId, ComparisonKind, HouseholdId, MemberId, PersonId,
    Timestamp,
};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A person of the register who stands in a department's file (比对疑点).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comparison_flag")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ComparisonFlagId,
    /// The file.
    pub comparison_id: ComparisonId,
    /// What it lists.
    pub kind: ComparisonKind,
    /// The county.
    pub county_code: AreaCode,
    /// The household.
    pub household_id: HouseholdId,
    /// Who.
    pub member_id: MemberId,
    /// What the file says beside, encrypted.
    pub detail_cipher: Option<String>,
    /// What became of it.
    pub state: ComparisonFlagState,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why.
    pub reason: Option<String>,
    /// When it was raised.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
