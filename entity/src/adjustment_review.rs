//! A vote of the villagers' representatives (民主评议).

use crate::value::{AdjustmentId, FileId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A vote of the villagers' representatives (民主评议).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "adjustment_review")]
pub struct Model {
    /// The case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub adjustment_id: AdjustmentId,
    /// The step it belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// The day of the meeting.
    pub held_on: NaiveDate,
    /// How many may vote.
    pub eligible: i32,
    /// How many came.
    pub present: i32,
    /// How many were for it.
    pub in_favour: i32,
    /// How many were against it.
    pub against: i32,
    /// How many abstained.
    pub abstained: i32,
    /// Whether it was carried.
    pub is_passed: bool,
    /// The minutes.
    pub minutes_file_id: FileId,
    /// When it was entered.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
