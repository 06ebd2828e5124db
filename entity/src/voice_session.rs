//! A household looking at its statement (本户查询).

use crate::value::{HouseholdId, PersonId, Timestamp, VoiceSessionId, state::VoiceChannel};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A household looking at its statement (本户查询).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "voice_session")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VoiceSessionId,
    /// Which household.
    pub household_id: HouseholdId,
    /// Hash of what it shows.
    pub token_hash: String,
    /// By itself, or through its helper.
    pub channel: VoiceChannel,
    /// The helper.
    pub helper_id: Option<PersonId>,
    /// Until when.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
    /// Since when.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
