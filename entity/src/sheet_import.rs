//! A sheet on its way in (批量导入).

use crate::value::{
    FileId, ImportId, OrganisationId, PersonId, Timestamp,
    state::{ImportKind, ImportState},
};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A sheet on its way in (批量导入).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sheet_import")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ImportId,
    /// What its rows are.
    pub kind: ImportKind,
    /// The sheet.
    pub file_id: FileId,
    /// For whom.
    pub organisation_id: OrganisationId,
    /// Who sent it.
    pub person_id: PersonId,
    /// As what.
    pub role: String,
    /// How far it is.
    pub state: ImportState,
    /// Rows in the sheet.
    pub total_rows: i32,
    /// Rows looked at.
    pub checked_rows: i32,
    /// Rows that make something.
    pub new_rows: i32,
    /// Rows that change something.
    pub changed_rows: i32,
    /// Rows that say what is so already.
    pub same_rows: i32,
    /// Rows at fault.
    pub bad_rows: i32,
    /// Rows carried out.
    pub done_rows: i32,
    /// Rows that were good when looked at and could not be carried out.
    pub failed_rows: i32,
    /// Why the sheet cannot be read, in Chinese.
    pub problem_zh: Option<String>,
    /// The same in English.
    pub problem_en: Option<String>,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
    /// Who has it carried out.
    pub committed_by: Option<PersonId>,
    /// When its content was erased; none while it is kept.
    pub erased_at: Option<Timestamp>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
