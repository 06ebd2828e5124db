//! Work, rent or a dividend of a period (期间记录).

use crate::value::{AgreementId, Fen, FileId, PeriodId, PeriodRecordId, PersonId, Timestamp, state::BenefitMode};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Work, rent or a dividend of a period (期间记录).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "period_record")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PeriodRecordId,
    /// The period.
    pub period_id: PeriodId,
    /// What is due.
    pub mode: BenefitMode,
    /// To whom; a dividend is due to all who hold shares.
    pub agreement_id: Option<AgreementId>,
    /// Half days worked, or entrusted units returned.
    pub quantity: Option<i64>,
    /// What is due.
    pub due_fen: Fen,
    /// The wage sheet, the lease, the resolution.
    pub evidence_file_id: FileId,
    /// A remark, may be empty.
    pub note: String,
    /// Who recorded it.
    pub recorded_by: PersonId,
    /// When it was recorded.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
