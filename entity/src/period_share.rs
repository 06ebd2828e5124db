//! What one agreement gets of a period (期间份额).

use crate::value::{
    AgreementId, Fen, HouseholdId, PeriodId,
    state::{BenefitMode, HouseholdStatusKind},
};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What one agreement gets of a period (期间份额).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "period_share")]
pub struct Model {
    /// The period.
    #[sea_orm(primary_key, auto_increment = false)]
    pub period_id: PeriodId,
    /// Its place in it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_no: i32,
    /// How the household shares.
    pub mode: BenefitMode,
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// The household.
    pub household_id: HouseholdId,
    /// Its status on the last day of the period, frozen.
    pub household_status: HouseholdStatusKind,
    /// What was due to it.
    pub due_fen: Fen,
    /// What it gets.
    pub amount_fen: Fen,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
