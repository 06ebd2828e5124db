//! How a measure went on (措施进展).

use crate::value::{FileId, MeasureId, MeasureState, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// How a measure went on (措施进展).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "measure_step")]
pub struct Model {
    /// The measure.
    #[sea_orm(primary_key, auto_increment = false)]
    pub measure_id: MeasureId,
    /// 1, 2, 3 …
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// Where it was then.
    pub to_state: MeasureState,
    /// What was done.
    pub text: String,
    /// What shows it.
    pub evidence_file_id: Option<FileId>,
    /// Who entered it.
    pub taken_by: PersonId,
    /// When.
    pub taken_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
