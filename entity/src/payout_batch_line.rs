//! One payout of a batch (发放明细).

use crate::value::{
    AgreementId, Fen, FileId, HouseholdId, PayoutBatchId, PayoutBatchLineId, PayoutId, PersonId, Timestamp,
    state::PayoutLineState,
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One payout of a batch (发放明细).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payout_batch_line")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PayoutBatchLineId,
    /// The batch.
    pub batch_id: PayoutBatchId,
    /// Its place in it, from 1.
    pub line_no: i32,
    /// Its number, by which the bank's answer finds it.
    pub reference: String,
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// To whom.
    pub household_id: HouseholdId,
    /// How much.
    pub amount_fen: Fen,
    /// Where it is.
    pub state: PayoutLineState,
    /// When the household had it.
    pub paid_on: Option<NaiveDate>,
    /// The bank's number of it.
    pub bank_reference: Option<String>,
    /// Why it came back.
    pub failure: Option<String>,
    /// The receipt that the household signed, for cash.
    pub receipt_file_id: Option<FileId>,
    /// Who handed the cash over.
    pub cashier_id: Option<PersonId>,
    /// When they said so.
    pub cashier_at: Option<Timestamp>,
    /// Who of the village saw it.
    pub witness_id: Option<PersonId>,
    /// When they said so.
    pub witness_at: Option<Timestamp>,
    /// The payout it became.
    pub payout_id: Option<PayoutId>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
