//! A report that was asked for (报表任务).

use crate::value::{
    AreaCode, OrganisationId, PersonId, ReportRunId, Timestamp,
    state::{ReportKind, ReportState},
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A report that was asked for (报表任务).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_run")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReportRunId,
    /// For whom it was asked.
    pub organisation_id: OrganisationId,
    /// By whom.
    pub requested_by: PersonId,
    /// Which report.
    pub kind: ReportKind,
    /// By which version of its rule.
    pub rule_version: i32,
    /// The first day.
    pub from_date: NaiveDate,
    /// The last day.
    pub until_date: NaiveDate,
    /// Only suppliers of this division, and those below it.
    pub region_code: Option<AreaCode>,
    /// The partner region, of which purchases are shown apart.
    pub partner_code: Option<AreaCode>,
    /// How far who asked could see, as text.
    pub reach: String,
    /// How it stands.
    pub state: ReportState,
    /// How far it has come, in per cent.
    pub progress: i32,
    /// How often it was tried since it was asked for.
    pub attempts: i32,
    /// The code of the problem on which the last attempt failed.
    pub last_error: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
