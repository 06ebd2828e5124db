//! Who goes on for an organisation that was merged or split (承继单位).

use crate::value::{OrganisationChangeId, OrganisationId};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Who goes on for an organisation that was merged or split (承继单位).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation_successor")]
pub struct Model {
    /// What became of the organisation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub change_id: OrganisationChangeId,
    /// Who goes on.
    #[sea_orm(primary_key, auto_increment = false)]
    pub successor_id: OrganisationId,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
