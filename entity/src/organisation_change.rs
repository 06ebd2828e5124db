//! What became of an organisation on a day (单位变更).

use crate::value::{FileId, OrganisationChangeId, OrganisationChangeKind, OrganisationId, PersonId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What became of an organisation on a day (单位变更).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation_change")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganisationChangeId,
    /// Which organisation.
    pub organisation_id: OrganisationId,
    /// What became of it.
    pub kind: OrganisationChangeKind,
    /// The first day on which it holds.
    pub on_date: NaiveDate,
    /// The number of the document that decides it (文号).
    pub document_number: String,
    /// The document.
    pub document_id: FileId,
    /// What it was called until then.
    pub name_before: String,
    /// What it is called from then on; the same unless it was renamed.
    pub name_after: String,
    /// Who recorded it.
    pub recorded_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
