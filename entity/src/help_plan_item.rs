//! A need, the measure that answers it, who does it, and until when.

use crate::value::{Fen, HelpPlanId, MeasureKind, OrganisationId, PlannedState};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A need, the measure that answers it, who does it, and until when.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "help_plan_item")]
pub struct Model {
    /// The plan.
    #[sea_orm(primary_key, auto_increment = false)]
    pub plan_id: HelpPlanId,
    /// Its number in the plan.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// What is needed (需求).
    pub need: String,
    /// What kind of help.
    pub kind: MeasureKind,
    /// What is done (措施).
    pub measure: String,
    /// What it costs, where it costs anything.
    pub amount_fen: Option<Fen>,
    /// Who does it (责任人).
    pub responsible: String,
    /// For which unit (责任单位).
    pub unit_id: Option<OrganisationId>,
    /// What is to be reached (目标).
    pub target: String,
    /// Until when (时限).
    pub due_on: NaiveDate,
    /// Where it is.
    pub state: PlannedState,
    /// When it was done or dropped.
    pub ended_on: Option<NaiveDate>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
