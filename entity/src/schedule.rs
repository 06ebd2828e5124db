//! When work that returns with the clock is due next.

use crate::value::{ProgressUnit, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// When work that returns with the clock is due next: one row a name, so that one of many servers does it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "schedule")]
pub struct Model {
    /// Which work.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Not before this instant.
    pub next_at: Timestamp,
    /// When its last turn began.
    pub began_at: Option<Timestamp>,
    /// When its last turn ended; a turn that has not is under way, or was cut off.
    pub ended_at: Option<Timestamp>,
    /// Until when somebody holds the turn that is under way.
    pub held_until: Option<Timestamp>,
    /// How long the last turn took, in milliseconds.
    pub took_ms: Option<i64>,
    /// What went wrong in the last turn.
    pub last_error: Option<String>,
    /// How much of the work is done, as it said last.
    pub progress_done: Option<i64>,
    /// Of how much.
    pub progress_of: Option<i64>,
    /// What that counts.
    pub progress_unit: Option<ProgressUnit>,
    /// When it said so.
    pub progress_at: Option<Timestamp>,
}

/// No relations: rows are found by their keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
