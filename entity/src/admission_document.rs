//! A file handed in with an application (申报材料).

use crate::value::{AdmissionId, FileId, state::DocumentKind};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A file handed in with an application (申报材料).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "admission_document")]
pub struct Model {
    /// The application.
    #[sea_orm(primary_key, auto_increment = false)]
    pub admission_id: AdmissionId,
    /// Which document it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: DocumentKind,
    /// The file.
    pub file_id: FileId,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Its number.
    pub number: Option<String>,
    /// The first day it holds.
    pub valid_from: Option<NaiveDate>,
    /// The last day; empty when it does not end.
    pub valid_to: Option<NaiveDate>,
    /// The fewest days before its end at which the supplier was warned.
    pub warned_days: Option<i32>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
