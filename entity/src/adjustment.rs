//! A change of the register on its way as a case (动态调整).

use crate::value::{
    AdjustmentId, AdjustmentKind, AdjustmentOrigin, AdjustmentState, AreaCode, HouseholdId, HouseholdStatusKind,
    OrganisationId, PersonId, RiskCause, Timestamp,
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A change of the register on its way as a case (动态调整).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "adjustment")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AdjustmentId,
    /// The number people quote.
    pub number: String,
    /// The county that decides.
    pub county_code: AreaCode,
    /// The village committee it runs in.
    pub village_id: OrganisationId,
    /// What kind of change.
    pub kind: AdjustmentKind,
    /// How it became known.
    pub origin: AdjustmentOrigin,
    /// The household; none while it is not in the register yet.
    pub household_id: Option<HouseholdId>,
    /// The household that is merged into it.
    pub other_household_id: Option<HouseholdId>,
    /// The household that the case made.
    pub result_household_id: Option<HouseholdId>,
    /// The national number of the household that the case is to make.
    pub new_number: Option<String>,
    /// What the household is to be.
    pub status: Option<HouseholdStatusKind>,
    /// What brought it there.
    pub cause: Option<RiskCause>,
    /// The day of the birth, death, marriage, move, split or merge.
    pub happened_on: Option<NaiveDate>,
    /// What was reported.
    pub text: String,
    /// The day the clue came.
    pub opened_on: NaiveDate,
    /// Until when it is to be decided.
    pub due_on: NaiveDate,
    /// Since when its clocks stand still.
    pub stopped_on: Option<NaiveDate>,
    /// How many days its publicity has run before the day in `running_since`.
    pub ran_days: i32,
    /// Since when its publicity runs; none while it does not.
    pub running_since: Option<NaiveDate>,
    /// Where it is.
    pub state: AdjustmentState,
    /// Who entered it.
    pub opened_by: PersonId,
    /// When.
    pub created_at: Timestamp,
    /// From which day the register says so.
    pub effective_on: Option<NaiveDate>,
    /// When it was over.
    pub closed_at: Option<Timestamp>,
    /// Grows with every step.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
