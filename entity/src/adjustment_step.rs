//! A step in the life of a case.

use crate::value::{AdjustmentId, AdjustmentState, AdjustmentStep, OrganisationId, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A step in the life of a case.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "adjustment_step")]
pub struct Model {
    /// The case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub adjustment_id: AdjustmentId,
    /// 1, 2, 3 …
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// Which step.
    pub step: AdjustmentStep,
    /// Where it led.
    pub to_state: AdjustmentState,
    /// What was said.
    pub text: Option<String>,
    /// For whom they acted.
    pub organisation_id: OrganisationId,
    /// Who took it.
    pub taken_by: PersonId,
    /// When.
    pub taken_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
