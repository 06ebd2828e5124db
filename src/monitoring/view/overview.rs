//! How a county stands, as it goes out.

use chrono::{DateTime, NaiveDate, Utc};
use entity::monitoring_run;
use entity::value::{AreaCode, ClueKind};
use serde::Serialize;
use utoipa::ToSchema;

/// How many clues of a kind wait for somebody.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CluesOfKind {
    /// What they are about.
    pub kind: ClueKind,
    /// How many; none where there are so few that it would tell whom.
    pub waiting: Option<i64>,
}

/// One night's look at a county (夜间监测).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MonitoringRun {
    /// The day.
    pub ran_on: NaiveDate,
    /// How many rules were on.
    pub rules: i32,
    /// How many households were looked at.
    pub households: i64,
    /// How many clues were opened.
    pub clues: i64,
    /// When it ended.
    pub created_at: DateTime<Utc>,
}

impl From<monitoring_run::Model> for MonitoringRun {
    fn from(row: monitoring_run::Model) -> Self {
        let monitoring_run::Model { ran_on, rules, households, clues, created_at, id: _, county_code: _ } = row;
        Self { ran_on, rules, households, clues, created_at }
    }
}

/// How a county stands (监测总览). Counts below the smallest group are left out for those who may not see them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MonitoringOverview {
    /// The county.
    pub county_code: AreaCode,
    /// The day.
    pub on: NaiveDate,
    /// Households in the register.
    pub households: Option<i64>,
    /// Those that are monitored.
    pub monitored: Option<i64>,
    /// Of those, the ones for which nothing is done nor was.
    pub without_measure: Option<i64>,
    /// Measures that are late.
    pub measures_late: Option<i64>,
    /// Clues that wait for somebody, by what they are about.
    pub clues: Vec<CluesOfKind>,
    /// The last night's look.
    pub last_run: Option<MonitoringRun>,
}
