//! A node of the category tree (品类).

use crate::value::CategoryCode;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A node of the category tree (品类).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "category")]
pub struct Model {
    /// Two, four or six digits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: CategoryCode,
    /// The node above; empty at the top.
    pub parent_code: Option<CategoryCode>,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: String,
    /// 1, 2 or 3.
    pub level: i16,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
