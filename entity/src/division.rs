//! An administrative division (行政区划).

use crate::value::AreaCode;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// An administrative division (行政区划).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "division")]
pub struct Model {
    /// Its code in GB/T 2260 (行政区划代码).
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: AreaCode,
    /// Its name in Chinese.
    pub name: String,
    /// The division it lies in; empty for a province.
    pub parent_code: Option<AreaCode>,
    /// 1 province, 2 prefecture, 3 county.
    pub level: i16,
    /// `gb2260`, `gb2260_group` (a heading without government) or `stat_only`.
    pub scope: String,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
