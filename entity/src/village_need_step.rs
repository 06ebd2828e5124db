//! A step in the life of what a village needs.

use crate::value::{OrganisationId, PersonId, Timestamp, VillageNeedId, state::NeedState};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A step in the life of what a village needs.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "village_need_step")]
pub struct Model {
    /// The need.
    #[sea_orm(primary_key, auto_increment = false)]
    pub need_id: VillageNeedId,
    /// Its place, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub step_no: i32,
    /// Where it was.
    pub from_state: NeedState,
    /// Where it went.
    pub to_state: NeedState,
    /// For whom somebody acted.
    pub organisation_id: OrganisationId,
    /// Who.
    pub person_id: PersonId,
    /// Why, where it went back or away.
    pub reason: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
