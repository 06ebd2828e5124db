//! Money handed to a household (发放).

use crate::value::{
    AgreementId, Fen, FileId, HouseholdId, OrganisationId, PayoutId, PersonId, PostingId, Timestamp,
    state::PayoutMethod,
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Money handed to a household (发放).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payout")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PayoutId,
    /// Who paid.
    pub supplier_id: OrganisationId,
    /// Who was paid.
    pub household_id: HouseholdId,
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// How much.
    pub amount_fen: Fen,
    /// When.
    pub paid_on: NaiveDate,
    /// How.
    pub method: PayoutMethod,
    /// The proof: a bank receipt or a signed list.
    pub evidence_file_id: FileId,
    /// The second proof, which cash needs: what the witness from the village signed.
    pub witness_file_id: Option<FileId>,
    /// The supplier's own number for it.
    pub reference: String,
    /// The posting that books it.
    pub posting_id: PostingId,
    /// Who recorded it.
    pub recorded_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
