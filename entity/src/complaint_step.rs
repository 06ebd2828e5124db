//! A step in the life of a complaint.

use crate::value::{ComplaintId, OrganisationId, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A step in the life of a complaint.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "complaint_step")]
pub struct Model {
    /// The complaint.
    #[sea_orm(primary_key, auto_increment = false)]
    pub complaint_id: ComplaintId,
    /// 1, 2, 3 …
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// Which step.
    pub step: String,
    /// What was said.
    pub text: Option<String>,
    /// Files that show it, one identifier a line.
    pub files: String,
    /// For whom they acted; nobody when it was the clock.
    pub organisation_id: Option<OrganisationId>,
    /// Who took it; nobody when it was the clock.
    pub taken_by: Option<PersonId>,
    /// When.
    pub taken_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
