//! A delivery taken back, with what stands in its place (更正单).

use crate::value::{DeliveryCorrectionId, DeliveryId, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A delivery taken back, with what stands in its place (更正单).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery_correction")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeliveryCorrectionId,
    /// The delivery that was wrong.
    pub delivery_id: DeliveryId,
    /// What was recorded in its place.
    pub replacement_id: Option<DeliveryId>,
    /// Why.
    pub reason: String,
    /// Who corrected it.
    pub corrected_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
