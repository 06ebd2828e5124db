//! What people are told before their data is used (告知书), one version for ever.

use crate::value::{LegalBasis, NoticeId, PersonId, ProcessingPurpose, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What people are told before their data is used (告知书), one version for ever.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "privacy_notice")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NoticeId,
    /// What the data is used for.
    pub purpose: ProcessingPurpose,
    /// Counts the notices of a purpose, from 1.
    pub version: i32,
    /// By which right.
    pub legal_basis: LegalBasis,
    /// What it is called.
    pub title: String,
    /// What people are told.
    pub body: String,
    /// Who receives the data, as a JSON list.
    pub recipients: String,
    /// Which data, as a JSON list.
    pub data_categories: String,
    /// How long it is kept, in words.
    pub kept: String,
    /// From which day on it is used.
    pub effective_from: NaiveDate,
    /// Who published it.
    pub published_by: PersonId,
    /// When.
    pub published_at: Timestamp,
}

/// No relations: rows are found by their keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
