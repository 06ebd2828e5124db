//! A piece of background work.

use crate::value::{JobId, ProgressUnit, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use uuid::Uuid;

/// A piece of background work.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    /// Which job it is.
    pub name: String,
    /// Its input, as JSON.
    pub payload: String,
    /// Not before this instant.
    pub run_at: Timestamp,
    /// How often it has been tried.
    pub attempts: i32,
    /// Until when a worker holds it.
    pub locked_until: Option<Timestamp>,
    /// When it succeeded.
    pub done_at: Option<Timestamp>,
    /// When it was given up.
    pub failed_at: Option<Timestamp>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// When it was enqueued.
    pub created_at: Timestamp,
    /// Which event it is for: its place in the order in which events were relayed.
    pub position: Option<i64>,
    /// The topic of that event.
    pub topic: Option<String>,
    /// What that event is about: for each, jobs of one name run in the order of their positions.
    pub aggregate_id: Option<Uuid>,
    /// When it was last begun.
    pub began_at: Option<Timestamp>,
    /// How long its last run took, in milliseconds.
    pub took_ms: Option<i64>,
    /// How much of the work is done, as it said last.
    pub progress_done: Option<i64>,
    /// Of how much.
    pub progress_of: Option<i64>,
    /// What that counts.
    pub progress_unit: Option<ProgressUnit>,
    /// When it said so.
    pub progress_at: Option<Timestamp>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
