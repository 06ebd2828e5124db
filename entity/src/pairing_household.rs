//! A household of a group that an enterprise is paired with (结对农户组成员).

use crate::value::{HouseholdId, PairingId};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A household of a group that an enterprise is paired with (结对农户组成员).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pairing_household")]
pub struct Model {
    /// The pairing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub pairing_id: PairingId,
    /// The household.
    #[sea_orm(primary_key, auto_increment = false)]
    pub household_id: HouseholdId,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
