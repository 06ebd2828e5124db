//! A step of the review of what an enterprise says it gave.

use crate::value::{AidClaimId, OrganisationId, PersonId, Timestamp, state::AidState};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A step of the review of what an enterprise says it gave.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aid_claim_step")]
pub struct Model {
    /// What is reviewed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub claim_id: AidClaimId,
    /// Its place, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub step_no: i32,
    /// Where it was.
    pub from_state: AidState,
    /// Where it went.
    pub to_state: AidState,
    /// For whom somebody acted.
    pub organisation_id: OrganisationId,
    /// Who.
    pub person_id: PersonId,
    /// Why, of a rejection.
    pub reason: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
