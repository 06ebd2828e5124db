//! What corrects an entry after a dispute (更正单).

use crate::value::{
    AgreementId, CorrectionId, DisputeId, Fen, FileId, HouseholdId, OrganisationId, PayoutId, PersonId, PostingId,
    SupplierOrderId, Timestamp, state::CorrectionKind,
};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What corrects an entry after a dispute (更正单).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "correction")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CorrectionId,
    /// The dispute that was upheld.
    pub dispute_id: DisputeId,
    /// What it corrects.
    pub kind: CorrectionKind,
    /// Whose entry.
    pub household_id: HouseholdId,
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// Who bears it.
    pub supplier_id: OrganisationId,
    /// The order, or the sale outside the platform.
    pub supplier_order_id: SupplierOrderId,
    /// The payout that is taken back.
    pub payout_id: Option<PayoutId>,
    /// How much.
    pub amount_fen: Fen,
    /// Why.
    pub reason: String,
    /// The county's paper.
    pub evidence_file_id: FileId,
    /// The posting that books it.
    pub posting_id: PostingId,
    /// Who decided.
    pub decided_by: PersonId,
    /// When.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
