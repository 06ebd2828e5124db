//! A version of a programme's rules (行动规则).

use crate::value::{PersonId, ProgrammeId, ProgrammeRuleId, Timestamp, state::ProgrammeKind};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A version of a programme's rules (行动规则).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "programme_rule")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProgrammeRuleId,
    /// The programme.
    pub programme_id: ProgrammeId,
    /// Its place among the versions, from 1; the last one holds.
    pub number: i32,
    /// What kind of programme it is.
    pub kind: ProgrammeKind,
    /// The kinds of aid that count for it, separated by commas.
    pub counted: String,
    /// The rule in words.
    pub rule: String,
    /// The document it comes from.
    pub document: String,
    /// Who entered it.
    pub created_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
