//! A step in the life of a filing (填报办理记录).

use crate::value::{Fen, FileId, OrganisationId, PersonId, QuotaFilingId, Timestamp, state::FilingState};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A step in the life of a filing (填报办理记录).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quota_filing_step")]
pub struct Model {
    /// The filing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub filing_id: QuotaFilingId,
    /// Counts from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub step_no: i32,
    /// What was done.
    pub step: String,
    /// Where it was.
    pub from_state: FilingState,
    /// Where it went.
    pub to_state: FilingState,
    /// For whom it was done.
    pub organisation_id: OrganisationId,
    /// Who did it.
    pub person_id: PersonId,
    /// Why.
    pub reason: Option<String>,
    /// The document it rests on.
    pub document_id: Option<FileId>,
    /// What was reserved of the canteen's purchases at this step.
    pub canteen_reserved_fen: Fen,
    /// What was reserved of the union's purchases at this step.
    pub union_reserved_fen: Fen,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
