//! What is done about a finding (整改任务).

use crate::value::{FindingId, OrganisationId, PersonId, TaskState, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What is done about a finding (整改任务).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "finding_task")]
pub struct Model {
    /// The finding.
    #[sea_orm(primary_key, auto_increment = false)]
    pub finding_id: FindingId,
    /// Its number among the tasks of the finding.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// What is to be done.
    pub text: String,
    /// Which organisation does it (责任单位).
    pub owner_id: OrganisationId,
    /// Who of it (责任人).
    pub responsible: String,
    /// Until when.
    pub due_on: NaiveDate,
    /// Where it is.
    pub state: TaskState,
    /// Who said last that it is done.
    pub submitted_by: Option<PersonId>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
