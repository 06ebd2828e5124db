//! Something a supplier advanced to a household, to be repaid from its produce (垫付成本).

use crate::value::{AgreementId, DeclaredCostId, Fen, FileId, PersonId, Timestamp, state::CostKind};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Something a supplier advanced to a household, to be repaid from its produce (垫付成本).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "declared_cost")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeclaredCostId,
    /// The agreement under which it was advanced.
    pub agreement_id: AgreementId,
    /// What it was.
    pub kind: CostKind,
    /// What it cost.
    pub amount_fen: Fen,
    /// When it was handed over.
    pub advanced_on: NaiveDate,
    /// What exactly, in words.
    pub description: String,
    /// The household's receipt for it.
    pub evidence_file_id: FileId,
    /// Who recorded it.
    pub recorded_by: PersonId,
    /// When it was recorded.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
