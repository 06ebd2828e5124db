//! A clue that a household may be at risk (预警线索).

use crate::value::{
    AdjustmentId, AreaCode, ClueId, ClueKind, ClueState, HouseholdId, MeasureId, MonitoringRuleId, OrganisationId,
    PersonId, Timestamp,
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A clue that a household may be at risk (预警线索).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "monitoring_clue")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ClueId,
    /// The number people quote.
    pub number: String,
    /// The household.
    pub household_id: HouseholdId,
    /// Its county.
    pub county_code: AreaCode,
    /// Its village committee.
    pub village_id: OrganisationId,
    /// The rule that gave it; none for a flagged comparison.
    pub rule_id: Option<MonitoringRuleId>,
    /// What it is about.
    pub kind: ClueKind,
    /// The figures that made it, with their sources, as JSON.
    pub figures: String,
    /// The day it is of.
    pub opened_on: NaiveDate,
    /// Where it is.
    pub state: ClueState,
    /// The day it was taken up, or two people held it to be nothing.
    pub answered_on: Option<NaiveDate>,
    /// Who holds that it is nothing.
    pub asked_by: Option<PersonId>,
    /// When they said so.
    pub asked_at: Option<Timestamp>,
    /// Why.
    pub asked_reason: Option<String>,
    /// Who agreed, or did not.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// What they said.
    pub decision: Option<String>,
    /// The case that answers it.
    pub adjustment_id: Option<AdjustmentId>,
    /// The measure that answers it.
    pub measure_id: Option<MeasureId>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// Grows with every step.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
