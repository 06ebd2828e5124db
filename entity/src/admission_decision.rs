//! One decision on an application (审核记录).

use crate::value::{AdmissionId, DecisionId, OrganisationId, PersonId, Timestamp, state::AdmissionState};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One decision on an application (审核记录).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "admission_decision")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DecisionId,
    /// The application.
    pub admission_id: AdmissionId,
    /// Where it was.
    pub from_state: AdmissionState,
    /// Where it went.
    pub to_state: AdmissionState,
    /// Who decided.
    pub person_id: PersonId,
    /// For which office.
    pub organisation_id: OrganisationId,
    /// What they wrote (审核意见).
    pub opinion: String,
    /// The hashes of the documents they saw, as a JSON array.
    pub document_hashes: String,
    /// What was wanting, item by item, as a JSON array of objects.
    pub item_reasons: String,
    /// Until which day, for a supplier struck off for a time.
    pub until_on: Option<NaiveDate>,
    /// When.
    pub decided_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
