//! What stands on a village's notice board about a case (公示), and nothing else.

use crate::value::{AdjustmentId, AdjustmentKind, HouseholdStatusKind, OrganisationId, PublicisedReason, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What stands on a village's notice board about a case (公示), and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "adjustment_publicity")]
pub struct Model {
    /// The case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub adjustment_id: AdjustmentId,
    /// The village.
    pub village_id: OrganisationId,
    /// What kind of change.
    pub kind: AdjustmentKind,
    /// What the household is to be.
    pub status: Option<HouseholdStatusKind>,
    /// Why, in one of a few words that tell nothing of anybody's health.
    pub reason: PublicisedReason,
    /// The name of the head, masked.
    pub head_name: String,
    /// How many people it is about.
    pub people: i32,
    /// The day it was put up.
    pub posted_on: NaiveDate,
    /// Where it hangs.
    pub place: String,
    /// When it was entered.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
