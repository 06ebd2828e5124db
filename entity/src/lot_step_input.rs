//! What went into a step: part of a lot, or of a delivery.

use crate::value::{DeliveryId, Grams, LotId, LotStepId};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What went into a step: part of a lot, or of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lot_step_input")]
pub struct Model {
    /// The step.
    #[sea_orm(primary_key, auto_increment = false)]
    pub step_id: LotStepId,
    /// Its place, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_no: i32,
    /// The lot.
    pub lot_id: Option<LotId>,
    /// Or the delivery.
    pub delivery_id: Option<DeliveryId>,
    /// How much of it.
    pub grams: Grams,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
