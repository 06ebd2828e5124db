//! What a bank reported of a batch (发放结果).

use crate::value::{FileId, PayoutBatchId, PayoutResultId, PersonId, PostingId, Timestamp};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What a bank reported of a batch (发放结果).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payout_result")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PayoutResultId,
    /// The batch.
    pub batch_id: PayoutBatchId,
    /// Hash of the file: the same file twice is known by it.
    pub sha256: String,
    /// The format it was read in.
    pub format: String,
    /// The day the households had the money.
    pub paid_on: NaiveDate,
    /// How many rows it has.
    pub rows_total: i32,
    /// How many of them say that the household has the money.
    pub rows_paid: i32,
    /// How many say that it came back.
    pub rows_failed: i32,
    /// The bank's own paper.
    pub evidence_file_id: FileId,
    /// The posting that takes back what came back.
    pub posting_id: Option<PostingId>,
    /// Who imported it.
    pub imported_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
