//! What somebody says against a case while it is publicised (公示异议).

use crate::value::{AdjustmentId, AdjustmentObjectionId, ObjectionOutcome, PersonId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What somebody says against a case while it is publicised (公示异议).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "adjustment_objection")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AdjustmentObjectionId,
    /// The case.
    pub adjustment_id: AdjustmentId,
    /// The day it was said.
    pub raised_on: NaiveDate,
    /// What was said.
    pub text: String,
    /// Who entered it.
    pub entered_by: PersonId,
    /// When.
    pub created_at: Timestamp,
    /// Whether it is so.
    pub outcome: Option<ObjectionOutcome>,
    /// What was found.
    pub answer: Option<String>,
    /// Who answered it.
    pub answered_by: Option<PersonId>,
    /// When.
    pub answered_at: Option<Timestamp>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
