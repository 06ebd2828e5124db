//! A visit at the household's home (入户核实).

use crate::value::{AdjustmentId, FileId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A visit at the household's home (入户核实).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "adjustment_check")]
pub struct Model {
    /// The case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub adjustment_id: AdjustmentId,
    /// The step it belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// The day of the visit.
    pub visited_on: NaiveDate,
    /// Who went there.
    pub visitors: String,
    /// The day the household signed that its data may be compared (授权承诺).
    pub consented_on: NaiveDate,
    /// What it signed.
    pub consent_file_id: FileId,
    /// What was seen.
    pub findings: String,
    /// When it was entered.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
