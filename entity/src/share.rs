//! What one household gets of a run under one agreement (户收益).

use crate::value::{
    AgreementId, Fen, HouseholdId, ShareRunId,
    state::{BenefitMode, HouseholdStatusKind},
};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What one household gets of a run under one agreement (户收益).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "share")]
pub struct Model {
    /// The computation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_id: ShareRunId,
    /// Its place in it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_no: i32,
    /// How the household shares.
    pub mode: BenefitMode,
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// The household.
    pub household_id: HouseholdId,
    /// Its status on the day of the event, frozen.
    pub household_status: HouseholdStatusKind,
    /// Its weight among the others.
    pub weight: i64,
    /// What it gets.
    pub amount_fen: Fen,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
