//! A photo of a visit.

use crate::value::{FileId, VisitId};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A photo of a visit.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "help_visit_photo")]
pub struct Model {
    /// The visit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub visit_id: VisitId,
    /// Its number among the photos of the visit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// The file.
    pub file_id: FileId,
    /// Hash of its content, hex.
    pub sha256: String,
    /// The earlier visit that shows the same picture, where one does.
    pub same_as: Option<VisitId>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
