//! A delivery that is more than the household's land can yield (超产预警).

use crate::value::{DeliveryId, Grams, PersonId, Timestamp, YieldCeilingId, state::FlagState};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A delivery that is more than the household's land can yield (超产预警).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery_flag")]
pub struct Model {
    /// The delivery.
    #[sea_orm(primary_key, auto_increment = false)]
    pub delivery_id: DeliveryId,
    /// By which ceiling.
    pub ceiling_id: YieldCeilingId,
    /// The land that was registered for the household.
    pub square_metres: i64,
    /// What that land can yield in the year.
    pub ceiling_grams: Grams,
    /// What the household had delivered in the year, this delivery included.
    pub delivered_grams: Grams,
    /// What the county decided.
    pub state: FlagState,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why.
    pub opinion: Option<String>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
