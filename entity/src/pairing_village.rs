//! A village of a group that an enterprise is paired with (结对村组成员).

use crate::value::{OrganisationId, PairingId};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A village of a group that an enterprise is paired with (结对村组成员).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pairing_village")]
pub struct Model {
    /// The pairing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub pairing_id: PairingId,
    /// The village committee.
    #[sea_orm(primary_key, auto_increment = false)]
    pub village_id: OrganisationId,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
