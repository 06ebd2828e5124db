//! A rule that watches over the households of a county (监测规则).

use crate::value::{AreaCode, ClueKind, Fen, MonitoringRuleId, MonitoringRuleState, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A rule that watches over the households of a county (监测规则).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "monitoring_rule")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MonitoringRuleId,
    /// The county whose households it watches over.
    pub county_code: AreaCode,
    /// What it looks at.
    pub kind: ClueKind,
    /// Which version it is: 1, 2, 3 …
    pub edition: i32,
    /// The version before.
    pub replaces_id: Option<MonitoringRuleId>,
    /// Its share in hundredths, where its kind has one.
    pub percent: Option<i32>,
    /// Its amount, where its kind has one.
    pub amount_fen: Option<Fen>,
    /// Its days, where its kind has them.
    pub days: Option<i32>,
    /// Its months, where its kind has them.
    pub months: Option<i32>,
    /// For how many days after a clue it gives no other one about the same household.
    pub quiet_days: i32,
    /// Why it is as it is.
    pub reason: String,
    /// Whether it watches.
    pub state: MonitoringRuleState,
    /// Who wrote it down.
    pub drafted_by: PersonId,
    /// When.
    pub created_at: Timestamp,
    /// Who switched it on: somebody else.
    pub switched_on_by: Option<PersonId>,
    /// When.
    pub switched_on_at: Option<Timestamp>,
    /// Who switched it off.
    pub switched_off_by: Option<PersonId>,
    /// When.
    pub switched_off_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
