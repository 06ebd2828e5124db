//! Up to which income per head a household may be monitored, in a year (监测收入标准).

use crate::value::{AreaCode, Fen, FileId, IncomeThresholdId, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Up to which income per head a household may be monitored, in a year (监测收入标准).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "income_threshold")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IncomeThresholdId,
    /// The province or county it holds in.
    pub division_code: AreaCode,
    /// The calendar year it holds for.
    pub year: i32,
    /// Which one it is for that place and year: 1, 2, 3 …; the last one holds.
    pub number: i32,
    /// The amount per head and year.
    pub per_head_fen: Fen,
    /// The document that sets it.
    pub document: String,
    /// That document.
    pub evidence_file_id: Option<FileId>,
    /// The one that it corrects, where it does.
    pub replaces_id: Option<IncomeThresholdId>,
    /// Why it corrects it.
    pub reason: Option<String>,
    /// Who entered it.
    pub entered_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
