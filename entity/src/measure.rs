//! What is done for a household at risk (帮扶措施).

use crate::value::{
    AreaCode, Fen, FileId, HouseholdId, MeasureId, MeasureKind, MeasureState, OrganisationId, PersonId, RiskCause,
    Timestamp,
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What is done for a household at risk (帮扶措施).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "measure")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MeasureId,
    /// The household.
    pub household_id: HouseholdId,
    /// Its county.
    pub county_code: AreaCode,
    /// Its village committee.
    pub village_id: OrganisationId,
    /// The risk it is against.
    pub risk: RiskCause,
    /// What kind of help.
    pub kind: MeasureKind,
    /// What is done.
    pub content: String,
    /// What it costs, where it costs anything.
    pub amount_fen: Option<Fen>,
    /// The day it began.
    pub begun_on: NaiveDate,
    /// Until when it is to be done.
    pub due_on: NaiveDate,
    /// Who answers for it.
    pub responsible: String,
    /// The reference income per head over the rolling window on the day it was entered.
    pub reference_fen: Option<i64>,
    /// Where it is.
    pub state: MeasureState,
    /// The day it was done or given up.
    pub closed_on: Option<NaiveDate>,
    /// What shows that it was done.
    pub evidence_file_id: Option<FileId>,
    /// For whom it was entered.
    pub organisation_id: OrganisationId,
    /// Who entered it.
    pub entered_by: PersonId,
    /// When.
    pub created_at: Timestamp,
    /// Grows with every step.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
