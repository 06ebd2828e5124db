//! Payouts that a cooperative makes together (发放批次).

use crate::value::{
    Fen, FileId, OrganisationId, PayoutBatchId, PersonId, PostingId, Timestamp,
    state::{PayoutBatchState, PayoutMethod},
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Payouts that a cooperative makes together (发放批次).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payout_batch")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PayoutBatchId,
    /// Who pays.
    pub supplier_id: OrganisationId,
    /// The number people quote.
    pub number: String,
    /// How.
    pub method: PayoutMethod,
    /// Where it is.
    pub state: PayoutBatchState,
    /// In which format the bank was told; absent for cash, and before it is sent.
    pub format: Option<String>,
    /// All of its lines.
    pub total_fen: Fen,
    /// How many lines it has.
    pub line_count: i32,
    /// Who put it together.
    pub drafted_by: PersonId,
    /// Who approved it: somebody else.
    pub approved_by: Option<PersonId>,
    /// When.
    pub approved_at: Option<Timestamp>,
    /// Who handed it to the bank or the cashier.
    pub sent_by: Option<PersonId>,
    /// When.
    pub sent_at: Option<Timestamp>,
    /// The posting that takes the money on its way.
    pub posting_id: Option<PostingId>,
    /// When its last line had its outcome, or it was called off.
    pub closed_at: Option<Timestamp>,
    /// Why it was called off.
    pub closed_reason: Option<String>,
    /// When it was put together.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
    /// What shows that households had the money before it was put together; absent in a batch that is sent.
    pub evidence_file_id: Option<FileId>,
    /// The second paper, which cash needs: what the witness from the village signed.
    pub witness_file_id: Option<FileId>,
    /// When households had the money, where that is shown.
    pub paid_on: Option<NaiveDate>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
