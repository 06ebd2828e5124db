//! What a report came to (报表快照); never changed.

use crate::value::{ReportRunId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What a report came to (报表快照); never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_snapshot")]
pub struct Model {
    /// The run.
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_id: ReportRunId,
    /// The table, as JSON.
    pub content: String,
    /// Its SHA-256, with the question and the rule.
    pub sha256: String,
    /// Nothing but what stands under this seal, or an earlier one, went in.
    pub seal_number: i64,
    /// The hash of that seal.
    pub seal_hash: Option<String>,
    /// When.
    pub made_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
