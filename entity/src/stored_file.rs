//! An uploaded file, known by what is in it (附件).

use crate::value::{FileId, OrganisationId, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// An uploaded file, known by what is in it (附件).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stored_file")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FileId,
    /// Whose file it is.
    pub organisation_id: OrganisationId,
    /// Hash of its content, hex; names it in the store.
    pub sha256: String,
    /// The name it was uploaded under.
    pub name: String,
    /// Its media type, found by looking inside.
    pub media_type: String,
    /// Its size.
    pub bytes: i64,
    /// Who uploaded it.
    pub created_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
