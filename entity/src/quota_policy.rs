//! A policy of reserved quotas, one version of it (预留份额政策).

use crate::value::{AreaCode, PersonId, QuotaPolicyId, Timestamp, state::QuotaFigure};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A policy of reserved quotas, one version of it (预留份额政策).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quota_policy")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuotaPolicyId,
    /// The division it holds in; none for the whole country.
    pub region_code: Option<AreaCode>,
    /// The year it holds for.
    pub year: i32,
    /// Counts the versions for a region and year, from 1; the last holds.
    pub number: i32,
    /// The least part of canteen purchases, in ten-thousandths (食堂采购预留比例).
    pub canteen_bp: i64,
    /// The least part of union purchases, in ten-thousandths (工会采购比例).
    pub union_bp: i64,
    /// Whether the reserved amount may not fall below that of the year before.
    pub not_below_last_year: bool,
    /// Which figure counts as done.
    pub counts: QuotaFigure,
    /// Whether purchases of the union count.
    pub counts_union: bool,
    /// Whether purchases of the contractor count.
    pub counts_contractor: bool,
    /// Whether purchases of the staff count.
    pub counts_individual: bool,
    /// The document it comes from: number and title (文号与标题).
    pub document: String,
    /// Who entered it.
    pub created_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
