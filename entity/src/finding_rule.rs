//! What a county has looked at by itself, and enters as a finding (规则筛查设置).

use crate::value::{AreaCode, FindingRuleId, FindingRuleKind, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What a county has looked at by itself, and enters as a finding (规则筛查设置).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "finding_rule")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FindingRuleId,
    /// The county.
    pub county_code: AreaCode,
    /// What it looks for.
    pub kind: FindingRuleKind,
    /// Which version it is for the county and kind: 1, 2, 3 …; the last one holds.
    pub edition: i32,
    /// Whether it is looked for.
    pub is_on: bool,
    /// After how many months a measure should have had its effect.
    pub months: Option<i32>,
    /// How many days are let pass.
    pub days: Option<i32>,
    /// Why it is so.
    pub reason: String,
    /// Who set it.
    pub set_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
