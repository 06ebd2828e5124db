//! One thing that is wanted (求购明细).

use crate::value::{CategoryCode, DemandId, Fen, Packs};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One thing that is wanted (求购明细).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "demand_line")]
pub struct Model {
    /// The demand.
    #[sea_orm(primary_key, auto_increment = false)]
    pub demand_id: DemandId,
    /// Its place, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_no: i32,
    /// What it is.
    pub name: String,
    /// Which category.
    pub category_code: Option<CategoryCode>,
    /// What it should be like.
    pub specification: Option<String>,
    /// How many packs.
    pub packs: Packs,
    /// No pack costs more than this.
    pub ceiling_fen: Option<Fen>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
