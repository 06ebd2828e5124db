//! Deliveries that return over a term (定期采购).

use crate::value::{BudgetId, FrameworkId, OrganisationId, PersonId, StandingOrderId, StandingState, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Deliveries that return over a term (定期采购).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "standing_order")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StandingOrderId,
    /// Who buys.
    pub buyer_id: OrganisationId,
    /// What it is for.
    pub title: String,
    /// The budget that pays; none for an enterprise.
    pub budget_id: Option<BudgetId>,
    /// The framework agreement whose prices hold.
    pub framework_id: Option<FrameworkId>,
    /// Where the goods go.
    pub deliver_to: String,
    /// The first delivery.
    pub first_on: NaiveDate,
    /// No delivery after this day.
    pub last_on: NaiveDate,
    /// Weeks between two deliveries.
    pub every_weeks: i32,
    /// How many days before its delivery a call-off is made.
    pub lead_days: i32,
    /// The next delivery that has no call-off; none when all have.
    pub next_on: Option<NaiveDate>,
    /// Where it is.
    pub state: StandingState,
    /// Who set it up.
    pub created_by: PersonId,
    /// When.
    pub created_at: Timestamp,
    /// Why it was ended before its time.
    pub ended_reason: Option<String>,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
