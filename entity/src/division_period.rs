//! From when to when a division had a code and a name (行政区划代码沿革).

use crate::value::AreaCode;
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// From when to when a division had a code and a name (行政区划代码沿革). A division without a row has had both for
/// as long as this house looks back.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "division_period")]
pub struct Model {
    /// The code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: AreaCode,
    /// What was called so.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// The division it lay in.
    pub parent_code: AreaCode,
    /// 2 prefecture, 3 county.
    pub level: i16,
    /// The first day; empty when it was so before this house looks back.
    pub valid_from: Option<NaiveDate>,
    /// The last day; empty while it lasts.
    pub valid_until: Option<NaiveDate>,
    /// The codes of those it became, the main one first, with a space between them; its own when only its name changed.
    pub successors: String,
    /// The number of the document that decided it (文号); empty where it is not known.
    pub basis: String,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
