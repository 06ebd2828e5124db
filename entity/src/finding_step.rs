//! A step of a task.

use crate::value::{FileId, FindingId, OrganisationId, PersonId, TaskStep, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A step of a task.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "finding_step")]
pub struct Model {
    /// The finding.
    #[sea_orm(primary_key, auto_increment = false)]
    pub finding_id: FindingId,
    /// The task.
    #[sea_orm(primary_key, auto_increment = false)]
    pub task_number: i32,
    /// Its number among the steps of the task.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// What was done.
    pub step: TaskStep,
    /// What was said.
    pub text: String,
    /// What shows it.
    pub file_id: Option<FileId>,
    /// For which organisation.
    pub organisation_id: OrganisationId,
    /// Who.
    pub taken_by: PersonId,
    /// When.
    pub taken_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
