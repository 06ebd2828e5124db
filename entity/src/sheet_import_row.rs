//! One row of a sheet and what comes of it.

use crate::value::{ImportId, state::RowOutcome};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One row of a sheet and what comes of it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sheet_import_row")]
pub struct Model {
    /// The import.
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: ImportId,
    /// Its line in the sheet.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_no: i32,
    /// What comes of it.
    pub outcome: RowOutcome,
    /// What it is about, for people.
    pub label: String,
    /// Faults and differences, as JSON.
    pub detail: String,
    /// What it made or changed.
    pub object_id: Option<uuid::Uuid>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
