//! One rate of a freight template: where to, and what by weight.

use crate::value::{Fen, FreightTemplateId, Grams};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One rate of a freight template: where to, and what by weight.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "freight_rate")]
pub struct Model {
    /// The template.
    #[sea_orm(primary_key, auto_increment = false)]
    pub template_id: FreightTemplateId,
    /// Its place in it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_no: i32,
    /// The provinces it holds for, by their two digits, as a JSON array; empty for all that no other rate names.
    pub provinces: String,
    /// The weight of the first step (首重).
    pub first_grams: Grams,
    /// What that costs.
    pub first_fen: Fen,
    /// The weight of each further step, begun is counted (续重).
    pub next_grams: Grams,
    /// What each costs.
    pub next_fen: Fen,
    /// From this value of goods on it costs nothing (满额包邮).
    pub free_from_fen: Option<Fen>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
