//! Which lot went into which line of a shipment.

use crate::value::{Grams, LotId, OrderLineId, Packs, ShipmentId};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Which lot went into which line of a shipment.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shipment_lot")]
pub struct Model {
    /// The shipment.
    #[sea_orm(primary_key, auto_increment = false)]
    pub shipment_id: ShipmentId,
    /// The line.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_id: OrderLineId,
    /// The lot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub lot_id: LotId,
    /// How many packs.
    pub packs: Packs,
    /// What they weigh.
    pub grams: Grams,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
