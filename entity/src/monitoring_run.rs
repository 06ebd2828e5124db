//! One night's look at the households of a county (夜间监测).

use crate::value::{AreaCode, MonitoringRunId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One night's look at the households of a county (夜间监测).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "monitoring_run")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MonitoringRunId,
    /// The county.
    pub county_code: AreaCode,
    /// The day.
    pub ran_on: NaiveDate,
    /// How many rules were on.
    pub rules: i32,
    /// How many households were looked at.
    pub households: i64,
    /// How many clues were opened.
    pub clues: i64,
    /// When it ended.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
