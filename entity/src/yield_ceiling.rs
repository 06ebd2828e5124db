//! What a square metre can yield in a year at the most (亩产上限).

use crate::value::{AreaCode, CategoryCode, PersonId, Timestamp, YieldCeilingId, state::LandKind};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What a square metre can yield in a year at the most (亩产上限).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "yield_ceiling")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: YieldCeilingId,
    /// For this category and those below it.
    pub category_code: CategoryCode,
    /// In this county, prefecture or province; empty everywhere.
    pub division_code: Option<AreaCode>,
    /// On which kind of land it grows.
    pub land_kind: LandKind,
    /// Grams from a square metre in a year.
    pub grams_per_square_metre: i64,
    /// From which day it holds.
    pub from_date: NaiveDate,
    /// The statistic or trial it follows from.
    pub source: String,
    /// Who entered it.
    pub entered_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
