//! An enterprise paired with a village (村企结对).

use crate::value::{FileId, OrganisationId, PairingId, PersonId, ProgrammeId, Timestamp, state::PairingTarget};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// An enterprise paired with a village (村企结对).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pairing")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PairingId,
    /// The programme.
    pub programme_id: ProgrammeId,
    /// The enterprise.
    pub enterprise_id: OrganisationId,
    /// With whom it is paired.
    pub target: PairingTarget,
    /// Who signed for them: the village committee of a village or of a group of its households, the leading one of a
    /// group of villages, the county's office for a county.
    pub village_id: OrganisationId,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// The agreement they signed.
    pub evidence_file_id: Option<FileId>,
    /// Who entered it.
    pub created_by: PersonId,
    /// When.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
