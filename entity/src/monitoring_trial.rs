//! What a rule would have found in the past (规则试算).

use crate::value::{MonitoringRuleId, MonitoringTrialId, PersonId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What a rule would have found in the past (规则试算).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "monitoring_trial")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MonitoringTrialId,
    /// The rule.
    pub rule_id: MonitoringRuleId,
    /// The first day it looked at.
    pub from_on: NaiveDate,
    /// The last day it looked at.
    pub to_on: NaiveDate,
    /// How often it looked.
    pub looks: i32,
    /// At how many households.
    pub households: i64,
    /// How many clues it would have given.
    pub clues: i64,
    /// How many known cases it would have caught.
    pub caught: i32,
    /// How many it would not have.
    pub missed: i32,
    /// Those cases, as JSON.
    pub cases: String,
    /// Who tried it.
    pub tried_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
