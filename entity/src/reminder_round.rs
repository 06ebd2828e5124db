//! Rounds of reminders that were told.

use crate::value::Timestamp;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A round of reminders that was told (定期提醒批次).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reminder_round")]
pub struct Model {
    /// What it reminded of.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// The month or the week it belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub period: String,
    /// When it was told.
    pub told_at: Timestamp,
    /// How many organisations were told something.
    pub told: i64,
}

/// No relations: rows are found by their keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
